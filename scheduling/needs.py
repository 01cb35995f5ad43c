"""What a patient and their study need of a center, beyond the visit type. Pure."""

from dataclasses import dataclass
from typing import Protocol, Self


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
    """Capabilities that the center must have: scanning an arm, scanning the iliac veins, access with a wheelchair."""

    arm: bool = False
    iliac: bool = False
    wheelchair: bool = False

    @classmethod
    def named(cls, codes: str) -> Self:
        """Read the codes that a visit is kept with."""
        words = codes.split()
        return cls(**{name: name in words for name in cls.__slots__})

    @property
    def codes(self) -> str:
        """The codes that a visit is kept with, such as ``arm wheelchair``."""
        return " ".join(name for name in self.__slots__ if getattr(self, name))

    def met_by(self, center: Able) -> bool:
        """Whether a center with these capabilities will do."""
        return (
            (center.arm_scans or not self.arm)
            and (center.iliac_doppler or not self.iliac)
            and (center.wheelchair or not self.wheelchair)
        )


NO_NEEDS = Needs()
