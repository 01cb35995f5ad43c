"""The provider's routes under /webhooks/."""

from django.urls import path

from notifications import webhooks

urlpatterns = [
    path("twilio/status/", webhooks.status, name="twilio-status"),
    path("twilio/call-status/", webhooks.call_status, name="twilio-call-status"),
    path("twilio/inbound/", webhooks.inbound, name="twilio-inbound"),
]
