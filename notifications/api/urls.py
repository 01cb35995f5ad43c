"""The routes of notifications under /api/v1/."""

from django.urls import path

from notifications.api.messages import MessageListView
from notifications.api.turnaround import TurnaroundView

urlpatterns = [
    path("messages/", MessageListView.as_view(), name="message-list"),
    path("turnaround/", TurnaroundView.as_view(), name="turnaround"),
]
