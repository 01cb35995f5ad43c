"""The result page."""

from django.urls import path

from notifications.pages import patient_results

urlpatterns = [
    path("result/", patient_results.result, name="patient-result"),
    path("result/paper/", patient_results.result_paper, name="patient-result-paper"),
]
