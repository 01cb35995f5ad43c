"""The routes of notifications under /api/v1/."""

from django.urls import path

from notifications.api.messages import MessageListView

urlpatterns = [path("messages/", MessageListView.as_view(), name="message-list")]
