"""The routes of the provider and of the carrier under /webhooks/."""

from django.urls import path

from notifications import document_webhooks, webhooks

urlpatterns = [
    path("twilio/status/", webhooks.status, name="twilio-status"),
    path("twilio/call-status/", webhooks.call_status, name="twilio-call-status"),
    path("twilio/call/", webhooks.call, name="twilio-call"),
    path("twilio/call/keys/", webhooks.call_keys, name="twilio-call-keys"),
    path("twilio/inbound/", webhooks.inbound, name="twilio-inbound"),
    path("documents/receipt/", document_webhooks.receipt, name="document-receipt"),
]
