"""The pages of notifications: a patient's own result, the results desk, and a patient's texts."""

from django.urls import path

from notifications.pages import desk, patient_urls, texts

urlpatterns = [
    *patient_urls.urlpatterns,
    path("staff/results/", desk.result_list, name="staff-results"),
    path("staff/results/<int:pk>/", desk.result_page, name="staff-result"),
    path("staff/results/<int:pk>/sign/", desk.result_sign, name="staff-result-sign"),
    path("staff/results/<int:pk>/call/", desk.result_call, name="staff-result-call"),
    path("staff/results/<int:pk>/send/", desk.result_send, name="staff-result-send"),
    path("staff/patients/<int:pk>/texts/", texts.text_list, name="staff-texts"),
]
