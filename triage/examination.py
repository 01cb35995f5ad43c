"""Examining the rules from outside: one line of JSON answers in, one decision out, without a database."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from triage.answers import AnswersInvalid, parse
from triage.contradictions import questions_back
from triage.rules import decide

# Notes that test cases carry beside the answers; no rule reads them.
ANNOTATIONS = frozenset({"id", "title", "provenance", "expected", "left_rule", "risk_not_scored"})


class LineUnreadable(ValueError):
    """A line is not one JSON object with each key once."""


def examine(lines: Iterable[bytes], *, on: date | None) -> Iterator[tuple[str, bool]]:
    """For each line that is not blank: its output line, and whether it was good. ``on`` is the day of the answers.

    A bad line gives ``{"line": n, "error": ..., "errors": [{field, rule, message}]}``, counted from 1, and the rest
    still run.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            output, good = _written(examine_one(_read(line.removeprefix(b"\xef\xbb\xbf")), on=on)), True
        except LineUnreadable as fault:
            output, good = _written({"line": number, "error": str(fault), "errors": []}), False
        except AnswersInvalid as fault:
            output, good = _written({"line": number, "error": "invalid answers", "errors": fault.as_list()}), False
        yield output, good


def examine_one(case: dict[str, Any], *, on: date | None) -> dict[str, Any]:
    """The decision for one case as JSON-able data, with its ``id`` where it has one.

    ``questions`` lists what the answers leave to be asked back, where they do not fit together. Raises
    ``AnswersInvalid``.
    """
    answers = parse({key: value for key, value in case.items() if key not in ANNOTATIONS}, on=on)
    output = decide(answers).as_dict()
    questions = questions_back(answers)
    if questions:
        output["questions"] = [question.as_dict() for question in questions]
    return {"id": case["id"], **output} if "id" in case else output


def _written(output: dict[str, Any]) -> str:
    try:
        return STRICT.encode(output)
    except ValueError as fault:
        # Only an ``id`` is given back as it came: 1e999 is valid JSON, but its value can't be written as JSON.
        raise LineUnreadable("id: a number is too large") from fault


def _read(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode()
        case = FAST.decode(text)
        if _pairs(case) < line.count(b":"):
            # A key may be there twice, or a text may hold a colon: look closely.
            case = EXACT.decode(text)
    except LineUnreadable:
        raise
    except (ValueError, RecursionError) as fault:
        raise LineUnreadable("not valid JSON") from fault
    if not isinstance(case, dict):
        raise LineUnreadable("not a JSON object of answers")
    return case


def _pairs(case: Any) -> int:
    """Keys of an object and of the objects directly in it. JSON has one colon a pair, so fewer colons there are not."""
    if not isinstance(case, dict):
        return 0
    return len(case) + sum(len(value) for value in case.values() if isinstance(value, dict))


def _no_number(name: str) -> None:
    """NaN and the infinities are words of JavaScript: JSON has no such number, and what we print must be JSON."""
    raise LineUnreadable(f"not valid JSON: {name} is no number")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise LineUnreadable(f"key given twice: {', '.join(twice)}")
    return found


STRICT = json.JSONEncoder(allow_nan=False)
FAST = json.JSONDecoder(parse_constant=_no_number)
EXACT = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_constant=_no_number)
