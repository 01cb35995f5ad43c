"""The result page."""

from django.urls import path

from notifications.pages import patient_results, shared_result

urlpatterns = [
    path("result/", patient_results.result, name="patient-result"),
    path("shared-result/", shared_result.shared_result, name="patient-shared-result"),
    path("result/paper/", patient_results.result_paper, name="patient-result-paper"),
]
