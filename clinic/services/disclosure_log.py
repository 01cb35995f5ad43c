"""Noting what was disclosed of a result: to whom, on what ground, how. In the transaction of what disclosed it."""

from datetime import datetime

from clinic import clock
from clinic.access import Actor
from clinic.models import (
    Audience,
    Disclosure,
    DisclosureGround,
    DisclosurePurpose,
    DisclosureWay,
    ReferrerNotice,
    Report,
    ReportStatus,
    Representative,
    ResultCall,
    ResultShare,
)
from clinic.selectors.patients import staying

#: By which way a notice to a referring office went.
NOTICE_WAYS = {
    ReferrerNotice.How.VOICE: DisclosureWay.PHONE,
    ReferrerNotice.How.FAX: DisclosureWay.FAX,
    ReferrerNotice.How.DIRECT: DisclosureWay.DIRECT,
    ReferrerNotice.How.PORTAL: DisclosureWay.PORTAL,
}


def note_disclosure(
    actor: Actor,
    report: Report,
    *,
    to_whom: str,
    ground: str,
    way: str,
    purpose: str = DisclosurePurpose.ACCESS,
    representative: Representative | None = None,
    at: datetime | None = None,
) -> Disclosure:
    """Write one line of the log. ``at`` is when it happened, where that stood on paper and is entered now."""
    now = clock.now()
    return Disclosure.objects.create(
        patient=staying(report.episode.patient),
        report=report,
        to_whom=to_whom,
        purpose=purpose,
        ground=ground,
        way=way,
        representative=representative,
        by_id=actor.staff_id,
        at=at or now,
        recorded_at=now if at else None,
    )


def note_share(actor: Actor, share: ResultShare, *, ground: str) -> None:
    """Note that a representative opened a result by their link."""
    note_disclosure(
        actor,
        share.report,
        to_whom=share.representative.name,
        ground=ground,
        way=DisclosureWay.LINK,
        purpose=DisclosurePurpose.REPRESENTATIVE,
        representative=share.representative,
    )


def note_call(actor: Actor, call: ResultCall, *, ground: str = "") -> None:
    """Note what a call told, where somebody heard it. A referring office's is noted with its notice."""
    way = DisclosureWay.IN_PERSON if call.in_person else DisclosureWay.PHONE
    at = call.at if call.recorded_at is not None else None
    if call.audience == Audience.PATIENT:
        note_disclosure(actor, call.report, to_whom=call.told_to, ground=DisclosureGround.SELF, way=way, at=at)
    elif call.audience == Audience.REPRESENTATIVE:
        note_disclosure(
            actor,
            call.report,
            to_whom=call.told_to,
            ground=ground,
            way=way,
            purpose=DisclosurePurpose.REPRESENTATIVE,
            representative=call.representative,
            at=at,
        )
    elif call.audience == Audience.CLINICIAN or _without_notice(call):
        treatment = DisclosurePurpose.TREATMENT
        ground = DisclosureGround.TREATMENT
        note_disclosure(actor, call.report, to_whom=call.told_to, ground=ground, way=way, purpose=treatment, at=at)


def _without_notice(call: ResultCall) -> bool:
    """Whether a referring office was told before the signature: no notice says so."""
    return call.audience == Audience.REFERRER and call.report.status == ReportStatus.PRELIMINARY


def note_notice(actor: Actor, notice: ReferrerNotice, at: datetime | None = None) -> None:
    """Note what went to a referring office; ``at`` where it stood on paper."""
    note_disclosure(
        actor,
        notice.report,
        to_whom=notice.sent_to,
        ground=DisclosureGround.TREATMENT,
        way=NOTICE_WAYS[ReferrerNotice.How(notice.how)],
        purpose=DisclosurePurpose.TREATMENT,
        at=at,
    )
