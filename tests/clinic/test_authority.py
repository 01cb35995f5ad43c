"""On what ground somebody may hear a result, and why they may not."""

from datetime import date

import pytest

from clinic import authority
from clinic.authority import IN_THE_PATIENTS_PLACE, Claim, of_age_on, ruling
from clinic.models import DisclosureGround, RepresentativeKind

TODAY = date(2026, 11, 27)


def _ruled(**changes: object) -> tuple[str, str]:
    values: dict[str, object] = {"kind": "helper", "born": date(1950, 1, 1)}
    found = ruling(Claim(**(values | changes)), on=TODAY)  # type: ignore[arg-type]
    assert found.may_hear == bool(found.ground) != bool(found.code)
    assert bool(found.reason) == bool(found.code)
    return found.ground, found.code


@pytest.mark.parametrize(
    ("claim", "ground", "code"),
    [
        ({}, "", "no_permission"),
        ({"permitted": True}, "permission", ""),
        ({"permitted": True, "permitted_until": TODAY}, "permission", ""),
        ({"permitted": True, "permitted_until": date(2026, 11, 26)}, "", "permission_expired"),
        ({"permitted": True, "ended": True}, "", "representative_ended"),
        ({"kind": "parent", "born": date(2008, 11, 28)}, "parent", ""),
        ({"kind": "parent", "born": date(2008, 11, 27)}, "", "of_age"),
        ({"kind": "parent", "born": date(2008, 11, 27), "permitted": True}, "permission", ""),
        ({"kind": "parent", "born": None}, "", "birth_date_missing"),
        ({"kind": "guardian"}, "", "document_not_seen"),
        ({"kind": "guardian", "document": True}, "guardian", ""),
        ({"kind": "power_of_attorney", "document": True, "expires_on": TODAY}, "power_of_attorney", ""),
        ({"kind": "power_of_attorney", "document": True, "expires_on": date(2026, 11, 26)}, "", "authority_expired"),
        (
            {"kind": "power_of_attorney", "document": True, "expires_on": date(2026, 11, 26), "permitted": True},
            "permission",
            "",
        ),
    ],
)
def test_who_may_hear_a_result(claim: dict[str, object], ground: str, code: str) -> None:
    assert _ruled(**claim) == (ground, code)


def test_an_expired_document_is_refused_with_its_day() -> None:
    claim = Claim(kind="power_of_attorney", born=None, document=True, expires_on=date(2026, 3, 1))
    assert "March 1, 2026" in ruling(claim, on=TODAY).reason


def test_who_was_born_on_a_leap_day_is_18_on_the_first_of_march() -> None:
    assert of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)


def test_the_codes_of_kinds_and_grounds_are_those_of_the_tables() -> None:
    kinds = {authority.PARENT, authority.GUARDIAN, authority.POWER_OF_ATTORNEY, authority.HELPER}
    assert kinds == set(RepresentativeKind.values)
    assert {*IN_THE_PATIENTS_PLACE, authority.PERMISSION} <= set(DisclosureGround.values)
