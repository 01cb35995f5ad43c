"""One question of the intake, with its words for those who read it, hear it or ask it."""

from dataclasses import dataclass
from enum import StrEnum

Text = tuple[str, str]
"""English, Spanish."""


class Kind(StrEnum):
    """How a question is answered."""

    TRI = "tri"
    CHOICE = "choice"
    WHOLE_NUMBER = "whole_number"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    PHONE = "phone"
    ZIP = "zip"


class Audience(StrEnum):
    """Who can answer: anyone, staff who examined the limb, or a clinician only."""

    ANYONE = "anyone"
    STAFF = "staff"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only where ``key`` was answered with one of ``any_of`` (a missing answer is unknown).

    Where ``answered`` is set, it is asked only where ``key`` has an answer at all, or has none.
    """

    key: str
    any_of: tuple[str, ...] = ()
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: its value and its words."""

    value: str
    words: Text


@dataclass(frozen=True, slots=True)
class Item:
    """A question. ``key`` is ``group.name``, or the name of a key at the top of the answers.

    ``script``: what a caller says, where it differs from the written question. ``when``: all conditions must hold for
    it to be asked. ``when_skipped``: the answer that follows where they do not; None leaves it unknown. ``ends_on``:
    the answer that ends the questions at once.
    """

    key: str
    kind: Kind
    question: Text
    script: Text | None = None
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    unit: Text | None = None
    minimum: int | None = None
    maximum: int | None = None
    audience: Audience = Audience.ANYONE
    when: tuple[Condition, ...] = ()
    when_skipped: str | None = None
    ends_on: str | None = None

    @property
    def group(self) -> str:
        """The group that holds the answer; empty at the top of the answers."""
        group, dot, _ = self.key.rpartition(".")
        return group if dot else ""


@dataclass(frozen=True, slots=True)
class Section:
    """Questions asked together, under a title."""

    key: str
    title: Text
    items: tuple[Item, ...]


TRI_CHOICES = (
    Choice("yes", ("Yes", "Sí")),
    Choice("no", ("No", "No")),
    Choice("unknown", ("I am not sure", "No lo sé")),
)


def tri(
    key: str,
    en: str,
    es: str,
    *,
    script: Text | None = None,
    help: Text | None = None,
    audience: Audience = Audience.ANYONE,
    when: tuple[Condition, ...] = (),
    when_skipped: str | None = None,
    ends_on: str | None = None,
) -> Item:
    """A question answered yes, no or not sure."""
    return Item(
        key,
        Kind.TRI,
        (en, es),
        script=script,
        help=help,
        choices=TRI_CHOICES,
        audience=audience,
        when=when,
        when_skipped=when_skipped,
        ends_on=ends_on,
    )


LEG = Condition("limb", ("left_leg", "right_leg", "both_legs", "alternating", "unknown"))
ARM = Condition("limb", ("left_arm", "right_arm"))
