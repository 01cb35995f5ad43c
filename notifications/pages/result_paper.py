"""The words of a result's paper: those of the page, in the language in which it is read."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Report
from clinic.phones import national
from notifications.result_sheet import Sheet
from scheduling.pages.patient.step_words import ShownStep


def sheet_of(report: Report, next_step: ShownStep | None, language: str) -> Sheet:
    """Return the sheet of a released result. What it says of the veins is what the page says."""
    patient, center = report.episode.patient, report.center
    place = f"{center.name}, {center.street}, {center.city}, {center.state} {center.zip}"
    facts = [(_("Name"), f"{patient.given_name} {patient.family_name}")]
    if patient.birth_date is not None:
        facts.append((_("Born"), date_format(patient.birth_date, "DATE_FORMAT")))
    facts += [
        (_("Scanned on"), _day(report.scan_ended_at.astimezone(ZoneInfo(center.zone)))),
        (_("Side"), {"left": _("left"), "right": _("right"), "bilateral": _("both sides")}[report.side]),
        (_("Where"), place),
        (_("Signed by"), _signed(report)),
    ]
    return Sheet(
        title=_("Your result"),
        language=language,
        facts=facts,
        sections=[
            (_("What we found"), _found(report)),
            (_("What happens next"), [_next(next_step)]),
            (
                _("Call us the same day if it gets worse"),
                [
                    _("More swelling, more pain, or a leg or arm that turns red or warm."),
                    f"{_('Call the center')}: {national(center.phone)}",
                    f"{_('If nobody answers')}: {national(settings.RULE_OUT_LINE)}",
                ],
            ),
            (_("Call 911"), [_("Trouble breathing, chest pain, coughing up blood or fainting: call 911 at once.")]),
        ],
        footer=_("For your own physician: ask the center for the full report."),
    )


def _found(report: Report) -> list[str]:
    if report.category == "no_dvt_limited":
        return [
            _("There is no sign of a blood clot in the veins that we could see."),
            _("Not every vein could be seen this time. So we look again, to be sure."),
        ]
    return [_("There is no sign of a blood clot in the deep veins.")]


def _next(step: ShownStep | None) -> str:
    if step is None:
        return _("Nothing more is due.")
    return f"{_day(step.due_at.astimezone(ZoneInfo(step.zone)))}: {step.words}"


def _signed(report: Report) -> str:
    at = report.signed_at.astimezone(ZoneInfo(report.center.zone)) if report.signed_at else None
    return f"{report.signed_by}, {_day(at)}" if at else str(report.signed_by)


def _day(at: object) -> str:
    return str(date_format(at, "DATE_FORMAT"))  # type: ignore[arg-type]
