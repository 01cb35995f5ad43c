"""After a locked link: whoever is known by two identifiers gets another one, by text to the number on record."""

from datetime import timedelta

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.models import Event, IdentityCheck, Link, LinkPurpose, Report, Representative, ResultShare
from clinic.services.links import renew_locked
from notifications.models import Purpose
from notifications.services.owing import owe, owed

#: How long the text with another link is of use.
GOOD_FOR = timedelta(days=7)


def register() -> None:
    """Hear of every check of who is on the phone."""
    events.subscribe("identity.checked", after_check)


def after_check(event: Event) -> None:
    """Two identifiers were right on a call: what a wrong answer had locked opens by another link.

    A patient's own links for the patient, that of who speaks for them for them alone. A link to a result goes out at
    once; the others with the next text about what they open, and the colleague on the phone can do the same meanwhile.
    """
    check = event.subject
    if not isinstance(check, IdentityCheck) or not check.passed or check.recorded_at is not None:
        return
    speaker = check.representative
    for link in renew_locked(SYSTEM, patient=check.patient, mine=lambda link: _is_theirs(link, speaker)):
        if link.purpose == LinkPurpose.RESULT:
            _send_result(link, event)
        elif link.purpose == LinkPurpose.SHARE and speaker is not None:
            _send_share(link, event, speaker)


def _is_theirs(link: Link, speaker: Representative | None) -> bool:
    if link.purpose != LinkPurpose.SHARE:
        return speaker is None
    shared = ResultShare.objects.filter(pk=link.subject_id).values_list("representative_id", flat=True).first()
    return speaker is not None and shared == speaker.pk


def _send_result(link: Link, event: Event) -> None:
    report = Report.objects.select_related("episode").filter(pk=link.subject_id).first()
    if report is None:
        return
    owe(
        owed(
            purpose=Purpose.RESULT_READY if report.result_sent_at is not None else Purpose.RESULT_TO_READ,
            patient=link.patient,
            about_kind="report",
            about_id=report.pk,
            due_at=clock.now(),
            expires_at=clock.now() + GOOD_FOR,
            urgent=True,
            sequence=event.pk,
            episode=report.episode,
        )
    )


def _send_share(link: Link, event: Event, speaker: Representative) -> None:
    share = ResultShare.objects.select_related("report__episode").get(pk=link.subject_id)
    owe(
        owed(
            purpose=Purpose.RESULT_SHARED,
            patient=link.patient,
            about_kind="share",
            about_id=share.pk,
            due_at=clock.now(),
            expires_at=clock.now() + GOOD_FOR,
            urgent=True,
            sequence=event.pk,
            episode=share.report.episode,
            phone=speaker.phone,
            language=speaker.language,
        )
    )
