"""The words of a result's paper: those of the page, in the language in which it is read."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Report
from clinic.phones import national
from notifications.pages.result_shown import ShownResult
from notifications.result_sheet import Sheet, as_pdf
from scheduling.pages.patient.step_words import ShownStep


def paper_response(shown: ShownResult, language: str) -> HttpResponse:
    """Answer with the paper. The name of the file says nothing of health: it lies on a shared disk."""
    disposition = {"Content-Disposition": 'inline; filename="vein-center.pdf"'}
    return HttpResponse(as_pdf(sheet_of(shown, language)), content_type="application/pdf", headers=disposition)


def sheet_of(shown: ShownResult, language: str) -> Sheet:
    """Return the sheet of a result that may be read. What it says is what the page says."""
    report, center = shown.report, shown.report.center
    sections = [(_("What we found"), shown.found)]
    if shown.treatment:
        sections.append((_("Your treatment"), shown.treatment))
    sections += [
        (_("What happens next"), _next(shown)),
        (
            _("Call us the same day if it gets worse"),
            [
                _("More swelling, more pain, or a leg or arm that turns red or warm."),
                f"{_('Call the center')}: {national(center.phone)}",
                f"{_('If nobody answers')}: {national(settings.RULE_OUT_LINE)}",
            ],
        ),
        (_("Call 911"), _danger(shown)),
        (_("For your physician"), [*_in_medical_words(shown), _("Ask the center for the full report.")]),
    ]
    return Sheet(
        title=_("Your result"), language=language, facts=_facts(report), sections=sections, footer=_place(report)
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    patient = report.episode.patient
    facts = [(_("Name"), f"{patient.given_name} {patient.family_name}")]
    if patient.birth_date is not None:
        facts.append((_("Born"), date_format(patient.birth_date, "DATE_FORMAT")))
    return [
        *facts,
        (_("Scanned on"), _day(report.scan_ended_at, report.center.zone)),
        (_("Side"), {"left": _("left"), "right": _("right"), "bilateral": _("both sides")}[report.side]),
        (_("Signed by"), _signed(report)),
    ]


def _place(report: Report) -> str:
    center = report.center
    return f"{center.name}, {center.street}, {center.city}, {center.state} {center.zip}"


def _next(shown: ShownResult) -> list[str]:
    if shown.steps:
        return [_step(step) for step in shown.steps]
    return [_("Nothing more is due.") if shown.closed else _("A clinician decides what comes next, and tells you.")]


def _step(step: ShownStep) -> str:
    return f"{_day(step.due_at, step.zone)}: {step.words}"


def _danger(shown: ShownResult) -> list[str]:
    danger = [_("Trouble breathing, chest pain, coughing up blood or fainting: call 911 at once.")]
    return [*danger, _("Bleeding that does not stop: call 911 at once.")] if shown.treatment else danger


def _in_medical_words(shown: ShownResult) -> list[str]:
    """The finding and the medicine as a physician writes them: in English, the language of the report."""
    report, dose = shown.report, shown.first_dose
    lines = [f"{report.get_category_display()} ({report.get_side_display().lower()})"]
    if dose is not None and dose.first_dose_taken_at is not None:
        at = dose.first_dose_taken_at.astimezone(ZoneInfo(report.center.zone))
        lines.append(f"{dose.get_drug_display()}, first dose {at:%Y-%m-%d %H:%M}")
    return lines


def _signed(report: Report) -> str:
    return f"{report.signed_by}, {_day(report.signed_at, report.center.zone)}" if report.signed_at else "–"


def _day(at: datetime, zone: str) -> str:
    return str(date_format(at.astimezone(ZoneInfo(zone)), "DATE_FORMAT"))
