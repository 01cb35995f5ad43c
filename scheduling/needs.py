"""What a patient's study needs of a center, beyond the visit type. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """Capabilities that the center must have: scanning an arm, scanning the iliac veins."""

    arm: bool = False
    iliac: bool = False

    def met_by(self, *, arm_scans: bool, iliac_doppler: bool) -> bool:
        """Whether a center with these capabilities will do."""
        return (arm_scans or not self.arm) and (iliac_doppler or not self.iliac)


NO_NEEDS = Needs()
