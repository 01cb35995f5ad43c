"""The four kinds of visit: how long each is, what it takes together, and on which grid it starts.

Lengths are this product's own (clinical.md leaves them to the center): a compression study of one leg takes about half
an hour, its reading as long. Codes are opaque, since they stand in URLs.
"""

from collections.abc import Sequence

from scheduling.models import ResourceKind, VisitKind, VisitType
from scheduling.slots import VisitShape

_SCANNER = [ResourceKind.ROOM.value, ResourceKind.SONOGRAPHER.value]

DEFINITIONS: dict[str, dict[str, object]] = {
    "V10": {
        "kind": VisitKind.DVT_SCAN,
        "minutes": 30,
        "buffer_minutes": 10,
        "reading_minutes": 30,
        "takes": _SCANNER,
        "step_minutes": 20,
    },
    "V20": {
        "kind": VisitKind.REPEAT_SCAN,
        "minutes": 30,
        "buffer_minutes": 10,
        "reading_minutes": 45,
        "takes": _SCANNER,
        "step_minutes": 20,
    },
    "V30": {
        "kind": VisitKind.CONSULT,
        "minutes": 30,
        "buffer_minutes": 10,
        "reading_minutes": 0,
        "takes": [ResourceKind.CLINICIAN],
        "step_minutes": 20,
    },
    "V40": {
        "kind": VisitKind.FOLLOW_UP_VISIT,
        "minutes": 20,
        "buffer_minutes": 10,
        "reading_minutes": 0,
        "takes": [ResourceKind.CLINICIAN],
        "step_minutes": 10,
    },
}


def ensure_visit_types() -> dict[str, VisitType]:
    """Create what is missing and return all four by kind; lengths that an operator changed stay as they are."""
    for code, definition in DEFINITIONS.items():
        VisitType.objects.get_or_create(code=code, defaults=definition)
    return {visit_type.kind: visit_type for visit_type in VisitType.objects.all()}


def keeps_out_of_reserve(visit_type: VisitType) -> bool:
    """Whether the same-day reserve binds a visit: a routine one that takes what rule-outs take."""
    return visit_type.kind != VisitKind.DVT_SCAN and not set(_SCANNER).isdisjoint(visit_type.takes)


def kinds_looked_at(takes: Sequence[str], *, keeps_out: bool) -> list[str]:
    """Return the kinds of unit that a visit's place depends on: what it takes and, where it keeps out of the reserve,
    what rule-outs take, so that what is left for them can be counted."""
    return list(dict.fromkeys([*takes, *(_SCANNER if keeps_out else ())]))


def shape_of(visit_type: VisitType) -> VisitShape:
    """Return a visit type's lengths, kinds and grid for the pure rules."""
    return VisitShape(
        minutes=visit_type.minutes,
        buffer_minutes=visit_type.buffer_minutes,
        reading_minutes=visit_type.reading_minutes,
        step_minutes=visit_type.step_minutes,
        takes=tuple(visit_type.takes),
    )
