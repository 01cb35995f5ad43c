"""From answers to the next step: triage's pure decision, with what the network and the roster can do about it."""

from scheduling.intake.reading import Contact
from scheduling.intake.submitting import IntakeResult, submit

__all__ = ["Contact", "IntakeResult", "submit"]
