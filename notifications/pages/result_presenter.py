"""How a report stands on the desk: how long is left, what is owed, what became of the text."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.access import Actor, Permission, allowed
from clinic.models import Report, ReportStatus
from clinic.pages.tones import left_in_words, tone_of, tone_of_deadline
from clinic.result_rules import URGENT_IMPRESSIONS, voice_first
from notifications.models import Message
from notifications.selectors.results import readable, refusal_to_send, tell_by

REFUSALS: dict[str, Promise | str] = {
    "report_not_final": _("Not yet: the interpreting physician has not signed the report."),
    "voice_first": _("No text: a clinician tells this result by voice first."),
    "already_sent": _("Sent already."),
}
TOLD_BY_VOICE = _("Told by voice. A text brings the patient the link to read it, and says nothing more.")


@dataclass(frozen=True)
class TextLine:
    """One text about a result."""

    message: Message
    tone: str


@dataclass(frozen=True)
class ResultLine:
    """One report as the desk shows it. ``finding`` is empty for those who need not know it."""

    report: Report
    zone: str
    left: str
    tone: str
    status_tone: str
    finding: str
    owed: Promise | str
    voice: bool
    refusal: Promise | str
    texts: list[TextLine]

    @property
    def to_print(self) -> bool:
        """Whether the patient may be given it on paper."""
        return readable(self.report)

    @property
    def open(self) -> bool:
        """Whether somebody still owes something."""
        report = self.report
        return report.status == ReportStatus.PRELIMINARY or not (report.patient_told_at or report.result_sent_at)


def as_line(report: Report, texts: list[Message], actor: Actor, now: datetime) -> ResultLine:
    """Present a report for an actor: the finding is for those who sign or tell it."""
    by = tell_by(report)
    knows = allowed(actor, Permission.TELL_RESULTS)
    finding = report.get_category_display() if report.category else report.get_impression_display()
    return ResultLine(
        report=report,
        zone=report.center.zone,
        left=left_in_words(by, now),
        tone=tone_of_deadline(by, now),
        status_tone=tone_of(report.status),
        finding=finding if knows else "",
        owed=_owed(report),
        voice=_spoken(report),
        refusal=_refusal(report),
        texts=[TextLine(message, tone_of(message.status)) for message in texts],
    )


def _refusal(report: Report) -> Promise | str:
    """Why the result's text may not be sent now; empty where it may."""
    code = refusal_to_send(report)
    return TOLD_BY_VOICE if code == "voice_first" and readable(report) else REFUSALS.get(code, "")


def _spoken(report: Report) -> bool:
    if report.category:
        return voice_first(report.category)
    return report.impression in URGENT_IMPRESSIONS


def _owed(report: Report) -> Promise | str:
    """What comes next for this report."""
    told = report.patient_told_at or report.result_sent_at
    if report.status == ReportStatus.PRELIMINARY:
        if _spoken(report) and not report.patient_told_at:
            return _("Sign it, and call the patient")
        return _("Sign it")
    if told:
        return _("Nothing")
    return _("Call the patient") if _spoken(report) else _("Send it, or call the patient")
