"""What may be erased, and when: the rules, and what each app says goes earlier than the record.

A record is kept for so many years after its last contact, and a minor's until they are 28: the longest of what states
ask of clinics (adults 10 years; minors until majority and 10 years). Fewer years than that are refused; an operator
whose state or payers ask for more says so by ``--years``. HIPAA itself asks for six years of what it requires in
writing (45 CFR 164.316(b)(2)); disclosures stay as long as the record that they tell of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

#: The fewest years after the last contact that a run accepts.
LEAST_YEARS = 10
#: A record of somebody who was a minor is kept until this birthday, whatever the years say.
UNTIL_AGE = 28


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; of February 29 the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def may_go(*, born: date | None, first: date, last: date, on: date, years: int) -> bool:
    """Whether a record may be erased on a date: its years are over, and whose it is was 28 by then.

    ``first`` and ``last`` are the dates of the first contact and the last. Where the birth date is not known, the
    record is kept as a newborn's would be.
    """
    return last < years_before(on, years) and (born or first) <= years_before(on, UNTIL_AGE)


@dataclass(frozen=True, slots=True)
class Early:
    """Something that is no part of a record, or stops being of use: erased earlier than the record.

    ``count`` and ``erase`` take the product's time and the run's years, and return how many rows it is about.
    """

    name: str
    why: str
    count: Callable[[datetime, int], int]
    erase: Callable[[datetime, int], int]


_early: dict[str, Early] = {}


def register(rule: Early) -> None:
    """Add a rule, once by name."""
    _early[rule.name] = rule


def early() -> list[Early]:
    """Every rule of what goes earlier."""
    return list(_early.values())
