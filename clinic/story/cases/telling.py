"""Tells cases one after the other; one that is not as it must be does not keep the others from being told."""

import time
from collections.abc import Mapping

from clinic.story.cases.case import Case
from clinic.story.cast import Cast
from clinic.story.voices import StoryFailed


def tell(cast: Cast, cases: Mapping[str, Case]) -> None:
    """Tell each case at its time. Raises `StoryFailed` at the end, naming every case that failed and why."""
    failures: list[str] = []
    for name, case in cases.items():
        cast.narrator.begin(name, case.title)
        cast.wait_until(case.first_instant(cast.now()))
        started = time.monotonic()
        try:
            lines = case.tell(cast)
        except StoryFailed as failed:
            failures.append(f"{name}: {failed}")
            cast.narrator.step(cast.now(), f"Not as it must be: {failed}")
            continue
        lasted = int((lines[-1].at - lines[0].at).total_seconds() // 60) if lines else 0
        cast.narrator.end(title=case.title, lines=len(lines), minutes_from_first_to_last_line=lasted)
        cast.narrator.told_in(time.monotonic() - started)
    if failures:
        raise StoryFailed("; ".join(failures))
