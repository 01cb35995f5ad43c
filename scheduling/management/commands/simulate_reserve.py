"""`manage.py simulate_reserve`: what each size of the same-day reserve gives rule-outs, and costs routine scans."""

import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from scheduling.models import VisitKind, VisitType
from scheduling.reserve import DEFAULT_RELEASE, Policy, Release
from scheduling.selectors.sites import points, sites
from scheduling.simulation.demand import Appetite, Request, made_up
from scheduling.simulation.history import Row, RowError, dates_of, read_history, requests_of, too_long
from scheduling.simulation.plot import as_svg
from scheduling.simulation.replay import MOST_DAYS, Replay, Scans
from scheduling.simulation.site import Site
from scheduling.simulation.table import Line, as_csv, as_json, as_text, group_of, lines_of
from scheduling.visit_types import shape_of

SEED = 1856
DAYS, MOST_SIZE = 28, 4
#: The first days of a made-up history only fill the calendars, which begin empty.
WARM_UP = timedelta(days=7)
SECONDS_BETWEEN = 2.0
MOST_AMOUNT = 20
FILES = {".csv", ".json", ".svg", ".txt"}

HELP = """\
How many scans should a center keep for people who must be scanned today?

Replays days of requests once for each size of the reserve, from none to --most, on the network in the database (its
centers, rooms, sonographers and shifts), and prints a table: what share of the rule-outs gets a scan in time, and what
that costs routine scans. It decides by the same rules as the bookings themselves. Nothing is written to the database.

Without --history the requests are made up by --seed: the same seed, dates and network give the same table.

A history is a CSV file in UTF-8 with a header and a line for each request:

    at,place,kind,tier,wanted
    2026-03-02 09:10,20770,rule_out,1,
    2026-03-02 09:25,C001,routine,,2026-03-09 morning

at      when it came, in the local time of the place, or with an offset (2026-03-02T09:10-05:00)
place   the ZIP code that the person comes from, or the code of a center
kind    rule_out or routine
tier    1 or 2 of a rule-out; empty for routine
wanted  the half-day that a routine scan was wanted in; where it is empty or the column is missing, one of the two
        weeks after the request is drawn by the seed

Every row that is wrong is named, and nothing is replayed then. The exit status is 1.
"""


@dataclass(frozen=True)
class _Case:
    """What is replayed: the network, the requests, and from when on they count."""

    sites: Sequence[Site]
    requests: Sequence[Request]
    since: datetime
    about: str


class Command(BaseCommand):
    """Read the network, replay, print; write only the files that were asked for."""

    help = HELP
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to replay, and where to write it."""
        parser.add_argument("--history", type=Path, metavar="FILE.csv", help="replay these requests")
        parser.add_argument("--most", type=_count, default=MOST_SIZE, metavar="N", help="largest size (default 4)")
        parser.add_argument(
            "--release",
            type=_release,
            default=DEFAULT_RELEASE,
            metavar="HOURS:PERCENT,...",
            help="steps of the release: hours after the half-day's start (before it: negative) and the percent that is"
            " still kept from then on (default 1:50,3:0); none: kept to the end",
        )
        parser.add_argument("--center", action="append", default=[], metavar="CODE", help="only this one; repeatable")
        made = parser.add_argument_group("a made-up history")
        made.add_argument("--seed", type=int, default=SEED, help=f"what chance goes by (default {SEED})")
        made.add_argument("--from", type=_date, dest="first", metavar="YYYY-MM-DD", help="first day (default: today)")
        made.add_argument("--days", type=_days, default=DAYS, metavar="N", help=f"so many days (default {DAYS})")
        made.add_argument(
            "--rule-outs", type=_amount, default=Appetite.rule_outs, metavar="X", help="a scanner and day (default 2)"
        )
        made.add_argument(
            "--load",
            type=_amount,
            default=Appetite.load,
            metavar="X",
            help="routine scans asked for, as a share of what could be scanned (default 0.75)",
        )
        parser.add_argument(
            "--out",
            type=_file,
            action="append",
            default=[],
            metavar="FILE",
            help="write the table (.txt, .csv, .json) or the plot (.svg) to a file; repeatable",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay each size, print the table, write the files."""
        types = _scans()
        case = self._uploaded(options) if options["history"] else _imagined(options, types)
        if not case.requests:
            raise CommandError("There is nothing to replay: no center is open in these days.")
        groups = [group_of(site.scanners) for site in case.sites]
        lines: list[Line] = []
        for size in range(options["most"] + 1):
            replay = Replay(case.sites, types, Policy(size, tuple(options["release"])))
            replay.run(case.requests, since=case.since, told=self._progress(size, len(case.requests)))
            lines += lines_of(size, groups, replay.outcomes)
        self.stdout.write(f"{case.about}\n\n{as_text(lines)}")
        for path in options["out"]:
            self._write(path, lines, case.about)

    def _uploaded(self, options: dict[str, Any]) -> _Case:
        try:
            with options["history"].open("rb") as file:
                rows, errors = read_history(file)
        except OSError as error:
            raise CommandError(f"{options['history']}: {error.strerror}.") from error
        self._refuse(errors or too_long(rows))
        network = _network(rows, options)
        requests, errors = requests_of(rows, network, points(), seed=options["seed"])
        self._refuse(errors)
        about = f"{len(requests):,} requests of {options['history'].name}, {_centers(network)}"
        first = min(request.at for request in requests)
        return _Case(network, requests, first - timedelta(days=1), about)

    def _refuse(self, errors: Sequence[RowError]) -> None:
        for fault in errors:
            self.stderr.write(str(fault))
        if errors:
            raise CommandError(f"{len(errors)} error{'s' * (len(errors) > 1)}: nothing was replayed.")

    def _progress(self, size: int, total: int) -> Callable[[int], None]:
        last = time.monotonic()

        def tell(done: int) -> None:
            nonlocal last
            if time.monotonic() - last >= SECONDS_BETWEEN:
                last = time.monotonic()
                self.stderr.write(f"reserve {size}: {done:,} of {total:,} requests", self.style.NOTICE)

        return tell

    def _write(self, path: Path, lines: list[Line], about: str) -> None:
        made = {
            ".csv": lambda: as_csv(lines),
            ".json": lambda: as_json(lines, {"replayed": about}) + "\n",
            ".svg": lambda: as_svg(lines, about=about),
            ".txt": lambda: as_text(lines) + "\n",
        }
        try:
            path.write_text(made[path.suffix](), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        self.stderr.write(f"Wrote {path}.", self.style.NOTICE)


def _scans() -> Scans:
    """Return the two scans as the database has them."""
    shapes = {each.kind: shape_of(each) for each in VisitType.objects.all()}
    if not {VisitKind.DVT_SCAN, VisitKind.REPEAT_SCAN} <= shapes.keys():
        raise CommandError("There are no visit types in the database. Load a network first: seed, or import_centers.")
    return Scans(shapes[VisitKind.DVT_SCAN], shapes[VisitKind.REPEAT_SCAN])


def _imagined(options: dict[str, Any], scans: Scans) -> _Case:
    first = options["first"] or clock.now().date()
    dates = [first + timedelta(days=ahead) for ahead in range(options["days"])]
    network = _sites(dates[0], dates[-1] + timedelta(days=MOST_DAYS), options)
    appetite = Appetite(options["rule_outs"], options["load"])
    requests = made_up(network, dates, appetite=appetite, scan=scans.routine, seed=options["seed"])
    since = datetime.combine(first, datetime.min.time(), UTC) + min(WARM_UP, timedelta(days=options["days"] / 4))
    about = (
        f"{len(requests):,} made-up requests of {options['days']} days from {first:%B} {first.day}, {first.year}"
        f" (seed {options['seed']}), {_centers(network)}"
    )
    return _Case(network, requests, since, about)


def _network(rows: Sequence[Row], options: dict[str, Any]) -> list[Site]:
    first, last = dates_of(rows)
    return _sites(first, last + timedelta(days=MOST_DAYS), options)


def _sites(first: date, last: date, options: dict[str, Any]) -> list[Site]:
    found = sites(first, last, codes=options["center"])
    missing = sorted(set(options["center"]) - {site.code for site in found})
    if missing:
        raise CommandError(f"There is no center {', '.join(missing)}.")
    if not found:
        raise CommandError("There is no center in the database. Load one first: seed, or import_centers.")
    return found


def _centers(network: Sequence[Site]) -> str:
    return f"{len(network)} centers" if len(network) > 1 else f"center {network[0].code}"


def _count(word: str) -> int:
    if not word.isdigit() or int(word) > 366:
        raise ArgumentTypeError("use a whole number from 0 to 366")
    return int(word)


def _days(word: str) -> int:
    if not _count(word):
        raise ArgumentTypeError("use a whole number from 1 to 366")
    return int(word)


def _amount(word: str) -> float:
    try:
        amount = float(word)
    except ValueError:
        amount = -1
    if not 0 <= amount <= MOST_AMOUNT:
        raise ArgumentTypeError(f"use a number from 0 to {MOST_AMOUNT}")
    return amount


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ArgumentTypeError("use a date such as 2026-03-02") from error


def _file(word: str) -> Path:
    path = Path(word)
    if path.suffix not in FILES:
        raise ArgumentTypeError(f"use a name that ends in {', '.join(sorted(FILES))}")
    return path


def _release(word: str) -> tuple[Release, ...]:
    if word == "none":
        return ()
    try:
        pairs = [step.split(":") for step in word.split(",")]
        steps = tuple(Release(round(-60 * float(hours)), int(percent)) for hours, percent in pairs)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError("use hours and percent, such as 1:50,3:0") from error
    if not all(0 <= step.kept_percent <= 100 for step in steps):
        raise ArgumentTypeError("keep from 0 to 100 percent")
    return steps
