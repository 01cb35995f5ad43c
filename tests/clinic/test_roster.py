"""The seeded roster covers what the rules ask for: a reader and a prescriber wherever and whenever somebody scans."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from clinic.models import Role
from clinic.seeding.logins import DEMO_LOGINS, HOME
from clinic.seeding.names import everyone
from clinic.seeding.places import NETWORK, CenterRow, read_centers
from clinic.seeding.roster import Member, roster

EASTERN = ZoneInfo("America/New_York")
JANUARY, JULY = date(2027, 1, 11), date(2027, 7, 12)


def network() -> list[CenterRow]:
    with NETWORK.open("rb") as file:
        return read_centers(file)[0]


def on_duty(member: Member, at: datetime) -> bool:
    """Whether a remote member's shift, in Eastern hours, covers an instant."""
    local = at.astimezone(EASTERN)
    for weekday, starts, ends in member.shifts:
        for on in (local.date(), local.date() - timedelta(days=1)):
            if on.weekday() == weekday:
                until = on if ends > starts else on + timedelta(days=1)
                if datetime.combine(on, starts, EASTERN) <= local < datetime.combine(until, ends, EASTERN):
                    return True
    return False


def remote(role: Role) -> dict[str, list[Member]]:
    by_state: dict[str, list[Member]] = defaultdict(list)
    for member in roster(network()):
        if member.remote and member.role == role:
            for state in member.states:
                by_state[state].append(member)
    return by_state


@pytest.mark.parametrize("monday", [JANUARY, JULY])
@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.CLINICIAN])
def test_every_state_is_covered_at_every_staffed_hour(role: Role, monday: date) -> None:
    members, gaps = remote(role), set()
    for row in network():
        for weekday in range(7):
            if hours := row.hours_on(weekday):
                at = datetime.combine(monday + timedelta(days=weekday), hours.opens, ZoneInfo(row.zone))
                while at.time() < hours.closes:
                    if not any(on_duty(member, at) for member in members[row.state]):
                        gaps.add((row.code, at))
                    at += timedelta(minutes=30)
    assert not gaps


def test_somebody_is_on_call_at_every_hour_of_the_week() -> None:
    (members,) = {tuple(members) for members in remote(Role.CLINICIAN).values()}
    sunday = datetime(2027, 1, 17, 2, tzinfo=EASTERN)
    assert sunday.weekday() == 6
    for hour in range(7 * 24):
        at = sunday + timedelta(hours=hour)
        assert sum(on_duty(member, at) for member in members) >= 2, at


def test_each_demo_login_is_on_the_roster_in_its_role_and_place() -> None:
    members = {member.username: member for member in roster(network())}
    assert len(members) == len(list(roster(network())))
    for login in DEMO_LOGINS:
        assert (members[login.username].role, members[login.username].center) == (login.role, login.center_code)
    assert {login.role for login in DEMO_LOGINS} == set(Role)
    assert members["sam"].center == members["clara"].center == HOME
    assert "MD" in members["peter"].states


def test_nobody_shares_a_name_and_there_are_enough() -> None:
    names = list(everyone())
    assert len(set(names)) == len(names) > len(list(roster(network())))


def test_nobody_works_through_lunch_where_the_day_is_long() -> None:
    on_site = chain.from_iterable(m.shifts for m in roster(network()) if m.kind and not m.remote)
    assert max(datetime.combine(JULY, ends) - datetime.combine(JULY, starts) for _, starts, ends in on_site) <= (
        timedelta(hours=8)
    )
