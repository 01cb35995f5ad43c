"""Sending who speaks for a patient a link to a result: only while they may hear it, asked again when it is opened."""

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction, refusing
from clinic.errors import Conflict, Forbidden
from clinic.models import ReportStatus, ResultShare
from clinic.result_rules import may_be_read
from clinic.selectors.consent import may_text
from clinic.selectors.identity import ruling_on
from clinic.selectors.patients import staying
from clinic.services.disclosure_log import note_share
from clinic.services.identifying import representative_of
from clinic.services.locked_reports import locked
from clinic.services.refusals import noted
from clinic.services.telling import MayNotHear


class SharedAlready(Conflict):
    """They were sent it before."""

    code, title = "shared_already", "This result was sent to them already. If the text is gone, tell them by phone."


def share_result(actor: Actor, *, report_id: int, representative_id: int) -> ResultShare:
    """Have a representative sent a link to a result that the patient's own page may say.

    Raises `MayNotHear` with the reason's code, `Conflict` with code ``not_readable`` where the patient was not told or
    sent it yet, ``no_consent`` where the representative did not agree to texts, and `SharedAlready`.
    """

    def work() -> ResultShare:
        report = locked(report_id)
        speaker = representative_of(staying(report.episode.patient), representative_id)
        ruling = ruling_on(speaker)
        if not ruling.may_hear:
            raise MayNotHear(ruling.reason, code=ruling.code, fields={"representative": ruling.reason})
        told, sent = report.patient_told_at is not None, report.result_sent_at is not None
        signed = report.status != ReportStatus.PRELIMINARY
        if not may_be_read(report.category, signed=signed, told=told, sent=sent):
            raise Conflict("First the signature, and the telling or the text to the patient.", code="not_readable")
        if not may_text(speaker.phone):
            raise Conflict("They have not agreed to texts. Ask them, or tell them by phone.", code="no_consent")
        with refusing(one_share_a_representative=SharedAlready):
            row = ResultShare.objects.create(report=report, representative=speaker, by_id=_by(actor), at=clock.now())
        codes = {"report": report.pk, "ground": ruling.ground}
        events.record("result.shared", actor=actor, episode=report.episode, subject=row, codes=codes)
        return row

    with noted(actor, "share", report_id=report_id):
        require(actor, Permission.SEND_RESULTS)
        return in_transaction(work)


def open_shared(actor: Actor, *, share: ResultShare) -> None:
    """Record that a representative, who has proven that it is them, sees the result. Raises `MayNotHear`."""
    ruling = ruling_on(share.representative)
    if not ruling.may_hear:
        raise MayNotHear(ruling.reason, code=ruling.code)

    def work() -> None:
        note_share(actor, share, ground=ruling.ground)
        codes = {"report": share.report_id, "ground": ruling.ground}
        events.record(
            "result.opened_by_representative", actor=actor, episode=share.report.episode, subject=share, codes=codes
        )

    in_transaction(work)


def _by(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden("A person decides that somebody else is sent a result.")
    return actor.staff_id
