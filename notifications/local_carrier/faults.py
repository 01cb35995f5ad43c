"""How the carrier misbehaves: by a plan, request by request, or by the last digits of a number."""

from dataclasses import dataclass

#: Words that may stand in a plan; ``:N`` is seconds or a code.
FAULTS = (
    "hang_before",
    "hang_after",
    "reset_before",
    "reset_after",
    "late_create",
    "refuse",
    "500",
    "500_after",
    "429",
    "drop",
    "duplicate",
    "delay",
    "failed",
    "failed_then_delivered",
)
#: What numbers that end so do, as often as they are called. Of an address its first part counts.
BY_NUMBER = {
    "0191": "failed:busy",
    "0192": "drop",
    "0193": "refuse:number_invalid",
    "0194": "failed:not_a_fax",
    "nobody": "refuse:address_unknown",
    "full": "failed:mailbox_unavailable",
}


@dataclass(frozen=True)
class Fault:
    """One fault: its name, and its number or code."""

    name: str = ""
    value: str = ""

    @property
    def seconds(self) -> float:
        """Its number, where it has one."""
        return float(self.value) if self.value else 0.0


def parsed(words: str) -> Fault:
    """Read one fault. Raises `ValueError` with the choice."""
    name, _, value = words.partition(":")
    if name not in FAULTS:
        raise ValueError(f"{name!r} is no fault; known are {', '.join(FAULTS)}")
    if name in ("hang_before", "hang_after", "late_create", "delay"):
        float(value)
    return Fault(name, value)


def of_address(address: str) -> Fault:
    """Return what an address does by itself; nothing where it is an ordinary one."""
    named = BY_NUMBER.get(address[-4:]) or BY_NUMBER.get(address.partition("@")[0])
    return parsed(named) if named else Fault()
