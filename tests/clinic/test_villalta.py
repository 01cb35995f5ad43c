"""The Villalta score: eleven items and an ulcer."""

import pytest

from clinic.villalta import ITEMS, Villalta, faults, score

NONE = dict.fromkeys(ITEMS, 0)


SEVERITIES = {0: "none", 4: "none", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "severe", 33: "severe"}


@pytest.mark.parametrize(("total", "severity"), SEVERITIES.items())
def test_the_sum_says_how_severe_it_is(total: int, severity: str) -> None:
    items = dict(NONE)
    for name in ITEMS:
        items[name] = min(3, total - sum(items.values()))
    assert score(items, ulcer=False) == Villalta(total, severity)


def test_an_ulcer_is_severe_whatever_the_sum() -> None:
    assert score(NONE, ulcer=True) == Villalta(0, "severe")


@pytest.mark.parametrize("value", [-1, 4, True, "2", 1.5, None])
def test_an_item_is_a_whole_number_from_none_to_three(value: object) -> None:
    assert set(faults(NONE | {"pain": value})) == {"pain"}


def test_a_missing_item_is_never_a_zero_and_an_unknown_one_is_named() -> None:
    items = {name: 1 for name in ITEMS if name != "edema"} | {"height": 2}
    assert set(faults(items)) == {"edema", "height"}
    with pytest.raises(ValueError, match="edema"):
        score({name: 1 for name in ITEMS if name != "edema"}, ulcer=False)
