"""The pages of notifications: a patient's own result, the results desk, and a patient's texts."""

from django.urls import path

from notifications.pages import (
    approving,
    conversations,
    desk,
    desk_after,
    documents,
    patient_urls,
    sending,
    texts,
    turnaround,
)

urlpatterns = [
    *patient_urls.urlpatterns,
    path("staff/results/", desk.result_list, name="staff-results"),
    path("staff/results/<int:pk>/", desk.result_page, name="staff-result"),
    path("staff/results/<int:pk>/sign/", desk.result_sign, name="staff-result-sign"),
    path("staff/results/<int:pk>/call/", desk.result_call, name="staff-result-call"),
    path("staff/results/<int:pk>/share/", desk.result_share, name="staff-result-share"),
    path("staff/results/<int:pk>/send/", desk.result_send, name="staff-result-send"),
    path("staff/results/<int:pk>/paper/", desk.result_print, name="staff-result-paper"),
    path("staff/turnaround/", turnaround.turnaround_page, name="staff-turnaround"),
    path("staff/turnaround/table.csv", turnaround.turnaround_csv, name="staff-turnaround-csv"),
    path("staff/results/<int:pk>/acknowledge/", desk_after.result_acknowledge, name="staff-result-acknowledge"),
    path("staff/results/<int:pk>/wet-read/", desk_after.result_wet_read, name="staff-result-wet-read"),
    path("staff/results/<int:pk>/departure/", desk_after.result_departure, name="staff-result-departure"),
    path("staff/results/<int:pk>/welfare/", desk_after.result_welfare, name="staff-result-welfare"),
    path("staff/results/<int:pk>/office/", desk_after.result_office, name="staff-result-office"),
    path("staff/results/<int:pk>/notice/", desk_after.result_notice, name="staff-result-notice"),
    path("staff/results/<int:pk>/contact/", desk_after.result_contact, name="staff-result-contact"),
    path("staff/documents/", documents.document_list, name="staff-documents"),
    path("staff/documents/<int:pk>/paper/", documents.document_paper, name="staff-document-paper"),
    path("staff/documents/<int:pk>/again/", documents.document_again, name="staff-document-again"),
    path("staff/sending/", sending.sending_page, name="staff-sending"),
    path("staff/sending/stop/", sending.sending_stop, name="staff-sending-stop"),
    path("staff/sending/resume/", sending.sending_resume, name="staff-sending-resume"),
    path("staff/texts/", approving.template_list, name="staff-templates"),
    path("staff/texts/approve/", approving.template_approve, name="staff-templates-approve"),
    path(
        "staff/texts/<str:name>/<str:language>/withdraw/",
        approving.template_withdraw,
        name="staff-template-withdraw",
    ),
    path("staff/patients/<int:pk>/texts/", texts.text_list, name="staff-texts"),
    path(
        "staff/patients/<int:pk>/conversation/", conversations.patient_conversation, name="staff-patient-conversation"
    ),
    path("staff/conversations/", conversations.conversation_list, name="staff-conversations"),
    path("staff/conversations/<int:pk>/", conversations.conversation_page, name="staff-conversation"),
    path("staff/conversations/<int:pk>/say/", conversations.conversation_say, name="staff-conversation-say"),
    path(
        "staff/conversations/<int:pk>/measure/", conversations.conversation_measure, name="staff-conversation-measure"
    ),
    path(
        "staff/conversations/<int:pk>/handled/", conversations.conversation_handled, name="staff-conversation-handled"
    ),
]
