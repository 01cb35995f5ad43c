"""The app's configuration."""

from django.apps import AppConfig
from django.core import checks


class NotificationsConfig(AppConfig):
    """Texts: owed, sent, settled, answered."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear the news, say when texts are due, enter the staff's menu, have the words checked before a deployment."""
        # Models may be imported only now.
        from clinic import agenda  # noqa: PLC0415
        from clinic.pages import beside, notices, timeline  # noqa: PLC0415
        from notifications import checks as words  # noqa: PLC0415
        from notifications import figures, lint, reactions, record, senders  # noqa: PLC0415
        from notifications.documents import owing  # noqa: PLC0415
        from notifications.pages.documents import documents_of  # noqa: PLC0415
        from notifications.pages.paged import paged  # noqa: PLC0415
        from notifications.pages.places import register_places  # noqa: PLC0415
        from notifications.pages.reply_panel import written  # noqa: PLC0415
        from notifications.pages.stopped import sending_stopped  # noqa: PLC0415
        from notifications.pages.told_texts import texts_of  # noqa: PLC0415
        from notifications.selectors import documents, messages  # noqa: PLC0415
        from notifications.services import claiming, conversations, renewing  # noqa: PLC0415

        reactions.register()
        conversations.register()
        owing.register()
        renewing.register()
        agenda.register(agenda.Source("texts", messages.next_due, claiming.waiting))
        agenda.register(agenda.Source("documents", documents.next_due, documents.waiting))
        figures.register()
        notices.register(sending_stopped)
        checks.register(lint.check_texts)
        checks.register(senders.check_senders)
        checks.register(senders.check_inbound_numbers)
        checks.register(senders.check_rates)
        checks.register(words.check_versions)
        checks.register(words.check_approval, deploy=True)
        record.register()
        register_places()
        beside.register(paged)
        beside.register(written)
        timeline.register(texts_of)
        timeline.register(documents_of)
