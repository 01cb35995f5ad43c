"""How availability is shown: a week's cells in few words, an edit in a sentence, and what became of each visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.models import Center
from clinic.pages.tones import left_in_words, tone_of_deadline
from scheduling.models import Absence, Appointment, Displacement, DisplacementStatus, EditKind
from scheduling.selectors.displaced import Affected, is_rule_out, must_be_called
from scheduling.selectors.week import CenterDate, UnitDay, UnitWeek, Week
from scheduling.services.editing import Edit

D = DisplacementStatus
TONES: dict[str, str] = {
    D.WAITING: "soon",
    D.OTHER_UNIT: "calm",
    D.MOVED: "info",
    D.CANCELLED: "critical",
    D.ON_SITE: "urgent",
    D.LEFT: "critical",
    D.STANDS: "calm",
    D.OVER: "neutral",
}
NOT_TEXTED: dict[str, Promise | str] = {
    "opted_out": lazy("Opted out of texts"),
    "no_consent": lazy("Never agreed to texts"),
    "landline": lazy("A landline"),
    "no_phone": lazy("The number reaches nobody"),
}


@dataclass(frozen=True)
class Cell:
    """One unit on one date: its spans, what else is to say, and whether it is out of the ordinary."""

    spans: list[str]
    notes: list[tuple[str, str]]
    elsewhere: str
    visits: int


@dataclass(frozen=True)
class Column:
    """One date of the week."""

    on: date
    hours: str
    closures: list[str]
    closed: bool
    today: bool


@dataclass(frozen=True)
class Line:
    """One displaced visit, before or after."""

    visit: Appointment
    zone: str
    rule_out: bool
    left: str
    left_tone: str
    not_texted: str | Promise
    here: bool


def columns(week: Week, today: date) -> list[Column]:
    """The week's dates."""
    return [_column(day, today) for day in week.dates]


def _column(day: CenterDate, today: date) -> Column:
    whole = any(each.starts is None for each in day.closures)
    return Column(
        on=day.on,
        hours=clock_span(day.hours.opens, day.hours.closes) if day.hours else "",
        closures=[
            each.reason
            if each.starts is None or each.ends is None
            else f"{clock_span(each.starts, each.ends)}: {each.reason}"
            for each in day.closures
        ],
        closed=whole or day.hours is None,
        today=day.on == today,
    )


def cells(row: UnitWeek, center: Center) -> list[Cell]:
    """A unit's dates."""
    return [_cell(day, center) for day in row.days]


def _cell(day: UnitDay, center: Center) -> Cell:
    zone = (day.center or center).zone
    notes = [(absence.get_kind_display() + " " + _until(absence, zone), _tone(absence)) for absence in day.absences]
    away = day.center is not None and day.center != center and bool(day.spans)
    if day.exception:
        notes.insert(0, (_("this day only"), "info"))
    return Cell(
        spans=[instant_span(start, end, zone) for start, end in day.spans],
        notes=notes,
        elsewhere=day.center.short_name if away and day.center else "",
        visits=day.visits,
    )


def _tone(absence: Absence) -> str:
    return "neutral" if absence.kind == "break" else "urgent"


def _until(absence: Absence, zone: str) -> str:
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (absence.starts_at, absence.ends_at))
    if starts.date() == ends.date():
        return clock_span(starts.time(), ends.time())
    return _("until %(day)s, %(at)s") % {"day": date_format(ends, "M j"), "at": on_clock(ends.time())}


def absence_words(absence: Absence, zone: str) -> str:
    """An absence as a unit's page lists it."""
    on = date_format(absence.starts_at.astimezone(ZoneInfo(zone)), "D, M j")
    return f"{absence.get_kind_display()}, {on}, {_until(absence, zone)}"


def on_clock(at: time) -> str:
    """An hour in few letters: "8am", "12:40pm"."""
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def clock_span(starts: time, ends: time) -> str:
    """Two hours: "8am–12:40pm"."""
    return f"{on_clock(starts)}–{on_clock(ends)}"


def instant_span(starts: datetime, ends: datetime, zone: str) -> str:
    """Two instants as the zone's clocks show them."""
    there = ZoneInfo(zone)
    return clock_span(starts.astimezone(there).time(), ends.astimezone(there).time())


def about(edit: Edit) -> list[str]:
    """An edit as its confirmation repeats it: what, of whom, when."""
    codes = edit.codes()
    kind = str(EditKind(edit.kind).label)
    whose = f"{edit.unit.name}, {edit.center.name}" if edit.unit else edit.center.name
    return [kind, whose, *_when(codes, edit.center.zone)]


def _when(codes: dict[str, object], zone: str) -> list[str]:
    said = []
    if isinstance(on := codes.get("on"), date):
        said.append(date_format(on, "l, F j, Y"))
    if isinstance(first := codes.get("first"), date):
        said.append(_("from %(day)s on") % {"day": date_format(first, "l, F j, Y")})
    if isinstance(last := codes.get("last"), date):
        said.append(_("until %(at)s") % {"at": date_format(last, "l, F j, Y")})
    if isinstance(until := codes.get("until"), datetime):
        said.append(_("until %(at)s") % {"at": date_format(until.astimezone(ZoneInfo(zone)), "l, F j, g:i A T")})
    starts, ends = codes.get("starts"), codes.get("ends")
    if isinstance(starts, time) and isinstance(ends, time):
        said.append(clock_span(starts, ends))
    return said


def as_line(each: Affected, now: datetime) -> Line:
    """A visit that an edit would displace."""
    return Line(
        visit=each.visit,
        zone=each.visit.center.zone,
        rule_out=each.rule_out,
        left=left_in_words(each.by, now) if each.by else "",
        left_tone=tone_of_deadline(each.by, now) if each.by else "neutral",
        not_texted=NOT_TEXTED.get(each.unreachable, ""),
        here=each.here,
    )


@dataclass(frozen=True)
class Fate:
    """What became of one displaced visit."""

    row: Displacement
    tone: str
    rule_out: bool
    call: bool
    not_texted: str | Promise

    @property
    def moved(self) -> bool:
        """Whether its time or place is another one."""
        return bool(self.row.status == D.MOVED)


def as_fates(rows: Sequence[Displacement]) -> list[Fate]:
    """The visits of an edit as they stand now."""
    return [
        Fate(
            row=row,
            tone=TONES[row.status],
            rule_out=is_rule_out(row.appointment),
            call=must_be_called(row),
            not_texted=NOT_TEXTED.get(row.unreachable, ""),
        )
        for row in rows
    ]
