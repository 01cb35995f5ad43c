"""The order of urgency and who may move along it."""

import pytest

from triage.urgency import Disposition, Urgency, override_allowed, urgency_of

ORDER = [
    (Disposition.EMERGENCY_911, None, 0),
    (Disposition.ED_NOW, None, 60),
    (Disposition.CLINICIAN_CALLBACK, None, 10),
    (Disposition.SAME_DAY_DVT_SCAN, 1, 240),
    (Disposition.CLINICIAN_CALLBACK, None, 30),
    (Disposition.SAME_DAY_DVT_SCAN, 2, 720),
    (Disposition.CLINICIAN_CALLBACK, None, 60),
    (Disposition.NEXT_DAY_DVT_SCAN, None, 1440),
    (Disposition.VASCULAR_CONSULT, None, None),
    (Disposition.SELF_CARE, None, None),
]


def test_the_order_is_the_one_of_the_table() -> None:
    assert [urgency_of(*each) for each in ORDER] == list(Urgency)


def test_a_disposition_goes_by_its_name_in_records_and_in_the_api() -> None:
    assert all(each.value == each.name for each in Disposition)


@pytest.mark.parametrize(("minutes", "urgency"), [(0, 2), (9, 2), (11, 4), (31, 6), (600, 6), (None, 6)])
def test_a_later_callback_never_ranks_as_a_sooner_one(minutes: int | None, urgency: int) -> None:
    assert urgency_of(Disposition.CLINICIAN_CALLBACK, None, minutes) == urgency


@pytest.mark.parametrize(
    ("role", "raises", "lowers"),
    [
        ("representative", True, False),
        ("clinician", True, True),
        ("physician", True, True),
        ("sonographer", False, False),
        ("manager", False, False),
        ("administrator", False, False),
    ],
)
def test_only_clinicians_lower(role: str, raises: bool, lowers: bool) -> None:
    assert override_allowed(role, Urgency.CONSULT, Urgency.TIER_2) is raises
    assert override_allowed(role, Urgency.TIER_2, Urgency.CONSULT) is lowers
    assert override_allowed(role, Urgency.TIER_2, Urgency.TIER_2) is lowers
