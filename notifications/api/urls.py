"""The routes of notifications under /api/v1/."""

from django.urls import path

from notifications.api.conversations import (
    ConversationHandledView,
    ConversationListView,
    ConversationTextView,
    ConversationView,
)
from notifications.api.documents import DocumentListView, DocumentRetryView, DocumentView
from notifications.api.messages import MessageListView
from notifications.api.sending import SendingResumeView, SendingStopView, SendingView
from notifications.api.texts import TextApproveView, TextListView, TextWithdrawView
from notifications.api.turnaround import TurnaroundView

urlpatterns = [
    path("conversations/", ConversationListView.as_view(), name="conversation-list"),
    path("conversations/<int:pk>/", ConversationView.as_view(), name="conversation"),
    path("conversations/<int:pk>/texts/", ConversationTextView.as_view(), name="conversation-texts"),
    path("conversations/<int:pk>/handled/", ConversationHandledView.as_view(), name="conversation-handled"),
    path("documents/", DocumentListView.as_view(), name="document-list"),
    path("documents/<int:pk>/", DocumentView.as_view(), name="document"),
    path("documents/<int:pk>/retry/", DocumentRetryView.as_view(), name="document-retry"),
    path("messages/", MessageListView.as_view(), name="message-list"),
    path("sending/", SendingView.as_view(), name="sending"),
    path("sending/resume/", SendingResumeView.as_view(), name="sending-resume"),
    path("sending/stop/", SendingStopView.as_view(), name="sending-stop"),
    path("texts/", TextListView.as_view(), name="text-list"),
    path("texts/approve/", TextApproveView.as_view(), name="text-approve"),
    path("texts/withdraw/", TextWithdrawView.as_view(), name="text-withdraw"),
    path("turnaround/", TurnaroundView.as_view(), name="turnaround"),
]
