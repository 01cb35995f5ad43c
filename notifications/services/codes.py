"""A one-time code for a result: made and owed together."""

from datetime import timedelta

from clinic import clock
from clinic.db import in_transaction
from clinic.errors import Conflict
from clinic.models import Link, LinkPurpose, Representative, ResultShare
from clinic.selectors.patients import staying
from clinic.services import links
from notifications.models import Purpose
from notifications.services.owing import owe, owed

#: A second code is not sent sooner than this: the first one is on its way.
PAUSE = timedelta(seconds=30)


def _speaker(link: Link) -> Representative | None:
    """Whose link it is, where it is that of who speaks for the patient: the code goes to their own phone."""
    if link.purpose != LinkPurpose.SHARE:
        return None
    return ResultShare.objects.select_related("representative").get(pk=link.subject_id).representative


def send_code(*, link: Link) -> None:
    """Owe the holder of a proven link a text with a new code; the former code ends. Raises `Conflict` within 30 s."""

    def work() -> None:
        kept = Link.objects.select_for_update(no_key=True).select_related("patient").get(pk=link.pk)
        now = clock.now()
        if kept.code_digest and kept.code_expires_at and now < kept.code_expires_at - links.CODE_LIFE + PAUSE:
            raise Conflict("A code was sent just now. Please wait half a minute.", code="code_just_sent")
        speaker = _speaker(kept)
        # As the text with the link went: where the record that stays has no telephone, to that of the merged one.
        number = speaker.phone if speaker else staying(kept.patient).phone or kept.patient.phone
        if number is None:
            raise Conflict("There is no telephone to which a code could go. Please call us.", code="no_phone")
        links.new_code(link=kept)
        owe(
            owed(
                purpose=Purpose.ONE_TIME_CODE,
                patient=kept.patient,
                about_kind="link",
                about_id=kept.pk,
                due_at=now,
                expires_at=now + links.CODE_LIFE,
                urgent=True,
                sequence=kept.code_generation,
                phone=number,
                language=speaker.language if speaker else "",
            )
        )

    in_transaction(work)
