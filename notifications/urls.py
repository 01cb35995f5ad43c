"""The provider's routes under /webhooks/."""

from django.urls import path

from notifications import webhooks

urlpatterns = [
    path("twilio/status/", webhooks.status, name="twilio-status"),
    path("twilio/inbound/", webhooks.inbound, name="twilio-inbound"),
]
