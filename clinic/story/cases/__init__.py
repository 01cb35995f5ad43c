"""The hard days of a center, by name, for `make story CASE=…`: each lived through over HTTP on the real processes."""

from clinic.story.cases.case import Case

#: Every case by the name that the command line knows. Told in this order, on one clock.
CASES: dict[str, Case] = {}
