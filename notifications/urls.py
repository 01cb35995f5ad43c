"""The provider's routes under /webhooks/."""

from django.urls import path

from notifications import webhooks

urlpatterns = [
    path("twilio/status/", webhooks.status, name="twilio-status"),
    path("twilio/call-status/", webhooks.call_status, name="twilio-call-status"),
    path("twilio/call/", webhooks.call, name="twilio-call"),
    path("twilio/call/keys/", webhooks.call_keys, name="twilio-call-keys"),
    path("twilio/inbound/", webhooks.inbound, name="twilio-inbound"),
]
