"""What a patient and their study need of a center and its rooms, beyond the visit type. Pure."""

from dataclasses import dataclass
from typing import Protocol, Self

_TABLE = "table-"


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
    must have: a lift, a table that carries so many pounds (0: any)."""

    arm: bool = False
    iliac: bool = False
    wheelchair: bool = False
    lift: bool = False
    table: int = 0

    @classmethod
    def named(cls, codes: str) -> Self:
        """Read the codes that a visit is kept with."""
        words = codes.split()
        tables = [int(word.removeprefix(_TABLE)) for word in words if word.startswith(_TABLE)]
        return cls(**{name: name in words for name in _YES_OR_NO}, table=max(tables, default=0))

    @property
    def codes(self) -> str:
        """The codes that a visit is kept with, such as ``arm wheelchair table-500``."""
        words = [name for name in _YES_OR_NO if getattr(self, name)]
        return " ".join([*words, f"{_TABLE}{self.table}"] if self.table else words)

    def __or__(self, other: "Needs") -> "Needs":
        """What both need together."""
        both = {name: getattr(self, name) or getattr(other, name) for name in _YES_OR_NO}
        return Needs(**both, table=max(self.table, other.table))

    @property
    def of_room(self) -> bool:
        """Whether not every room of a center will do."""
        return self.lift or self.table > 0

    def met_by(self, center: Able) -> bool:
        """Whether a center with these capabilities will do; which of its rooms is another question."""
        return (
            (center.arm_scans or not self.arm)
            and (center.iliac_doppler or not self.iliac)
            and (center.wheelchair or not self.wheelchair)
        )


_YES_OR_NO = ("arm", "iliac", "wheelchair", "lift")
NO_NEEDS = Needs()
