"""What patients and clinicians are told: for every clause of the rules, and for every disposition.

Patient words keep to a sixth-grade reading level and never advise heat or massage while a clot is possible.
"""

from triage.words.clause import ClauseWords
from triage.words.reasons import WORDS
from triage.words.screens import SCREENS, Screen, screen_for
from triage.words.spoken import SPOKEN, spoken_for

__all__ = ["SCREENS", "SPOKEN", "WORDS", "ClauseWords", "Screen", "screen_for", "spoken_for"]
