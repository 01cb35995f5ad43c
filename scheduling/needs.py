"""What a patient and their study need of a center, its rooms and its people, beyond the visit type. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

_TABLE, _LANGUAGE = "table-", "language-"
#: The kinds of resource that are people, who may speak a language besides English.
_PEOPLE = ("sonographer", "clinician", "physician")


class Able(Protocol):
    """A center, as far as its capabilities go."""

    @property
    def arm_scans(self) -> bool: ...
    @property
    def iliac_doppler(self) -> bool: ...
    @property
    def wheelchair(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What the center must have: scanning an arm, scanning the iliac veins, access with a wheelchair; and what the room
    must have: a lift, a table that carries so many pounds (0: any).

    ``language``: what the people must speak whose time the visit takes, besides English, by its code (empty: nothing).
    It is asked for by whoever searches, and by nothing that is recorded of a patient: no visit waits for a language.
    """

    arm: bool = False
    iliac: bool = False
    wheelchair: bool = False
    lift: bool = False
    table: int = 0
    language: str = ""

    @classmethod
    def named(cls, codes: str) -> Self:
        """Read the codes that a visit is kept with."""
        words = codes.split()
        tables = [int(word.removeprefix(_TABLE)) for word in words if word.startswith(_TABLE)]
        spoken = [word.removeprefix(_LANGUAGE) for word in words if word.startswith(_LANGUAGE)]
        yes = {name: name in words for name in _YES_OR_NO}
        return cls(**yes, table=max(tables, default=0), language=next(iter(spoken), ""))

    @property
    def codes(self) -> str:
        """The codes that a visit is kept with, such as ``arm wheelchair table-500 language-es``."""
        words = [name for name in _YES_OR_NO if getattr(self, name)]
        words += [f"{_TABLE}{self.table}"] if self.table else []
        words += [f"{_LANGUAGE}{self.language}"] if self.language else []
        return " ".join(words)

    def __or__(self, other: "Needs") -> "Needs":
        """What both need together. Of two languages the first counts."""
        both = {name: getattr(self, name) or getattr(other, name) for name in _YES_OR_NO}
        return Needs(**both, table=max(self.table, other.table), language=self.language or other.language)

    @property
    def of_room(self) -> bool:
        """Whether not every room of a center will do."""
        return self.lift or self.table > 0

    def speakers(self, takes: Sequence[str]) -> list[str]:
        """The kinds of people, of those that a visit takes, of whom not everybody will do."""
        return [kind for kind in takes if kind in _PEOPLE] if self.language else []

    def met_by(self, center: Able) -> bool:
        """Whether a center with these capabilities will do; which of its rooms and people is another question."""
        return (
            (center.arm_scans or not self.arm)
            and (center.iliac_doppler or not self.iliac)
            and (center.wheelchair or not self.wheelchair)
        )


_YES_OR_NO = ("arm", "iliac", "wheelchair", "lift")
NO_NEEDS = Needs()
