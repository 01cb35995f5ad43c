"""What is wrong with a set of answers, by field."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class AnswerError:
    """One fault: the field (``group.key``), the rule that it broke, and a sentence that says what to do."""

    field: str
    rule: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """The fault as JSON-able text."""
        return asdict(self)


class AnswersInvalid(ValueError):
    """The answers cannot be read; ``errors`` lists every fault found, not only the first."""

    def __init__(self, errors: Sequence[AnswerError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))

    def as_list(self) -> list[dict[str, str]]:
        """The faults as JSON-able rows of field, rule and message."""
        return [error.as_dict() for error in self.errors]
