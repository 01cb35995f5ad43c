"""The texts of an episode on its timeline: what each was for, and what became of it. Never what it said."""

from django.utils.translation import gettext as _

from clinic.models import Episode
from clinic.pages.timeline import Moment
from clinic.pages.tones import tone_of
from notifications.models import Channel, Message
from notifications.pages.text_lines import as_line


def texts_of(episode: Episode) -> list[Moment]:
    """Return the texts that were sent to the patient about an episode, each when it left."""
    sent = (
        Message.objects.filter(episode=episode, patient__isnull=False, sent_at__isnull=False)
        .prefetch_related("tries")
        .order_by("id")
    )
    return [
        Moment(
            message.sent_at,
            (_("Call: %(what)s (%(became)s)") if message.channel == Channel.VOICE else _("Text: %(what)s (%(became)s)"))
            % {"what": message.get_purpose_display(), "became": as_line(message).became},
            _("the system"),
            tone_of(message.status),
        )
        for message in sent
        if message.sent_at is not None
    ]
