"""The texts for an administrator: to look at only."""

from django.contrib import admin

from clinic.admin import ReadOnlyAdmin, ReadOnlyInline
from notifications.models import Attempt, Inbound, Message, Receipt


class AttemptInline(ReadOnlyInline):
    """Calls to the provider: append-only."""

    model = Attempt


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What is owed to whom, and what became of it."""

    list_display = ("id", "purpose", "channel", "status", "language", "due_at", "sent_at", "end_code")
    list_filter = ("status", "channel", "purpose")
    inlines = (AttemptInline,)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """What the provider said later: append-only."""

    list_display = ("id", "provider_sid", "status", "code", "at")
    list_filter = ("status",)


@admin.register(Inbound)
class InboundAdmin(ReadOnlyAdmin):
    """Texts that people sent us."""

    list_display = ("id", "received_at", "handled_as", "handled_at")
    list_filter = ("handled_as",)
