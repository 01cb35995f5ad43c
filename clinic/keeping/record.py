"""A patient's whole record as resources: each app says which of its tables belong to it, and as what.

A resource is named as FHIR R4 names it, and carries the elements of FHIR that a reader elsewhere looks for first.
Beside them ``row`` holds every column as it stands: nothing is lost in translation. `tests/clinic/test_record.py` fails
when a table that leads to a patient is neither registered nor listed with a reason.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import Range
from django.db.models import ForeignKey, Model, Q, QuerySet

from clinic.models import Center, Patient, Staff
from clinic.selectors.patients import records_of

Shape = Callable[[Any], dict[str, object]]
Rows = Callable[["Whose"], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Whose:
    """A patient, the records merged into theirs, and the numbers that are nobody else's."""

    ids: tuple[int, ...]
    own_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a table belongs to a record: as which resource, which of its rows, and what FHIR says of one.

    ``without`` names columns that are keys to something and no part of a record.
    """

    model: type[Model]
    resource: str
    rows: Rows
    shape: Shape
    without: frozenset[str]


_kept: dict[type[Model], Kept] = {}


def keep(
    model: type[Model],
    resource: str,
    *paths: str,
    rows: Rows | None = None,
    shape: Shape = lambda _: {},
    without: Iterable[str] = (),
) -> None:
    """Say that a table belongs to the record: its rows whose patient one of the ``paths`` leads to, or ``rows``."""
    _kept[model] = Kept(model, resource, rows or _along(model, paths), shape, frozenset(without))


def kept() -> list[Kept]:
    """Every table of the record."""
    return list(_kept.values())


_beside: dict[type[Model], Rows] = {}


def goes_with(model: type[Model], *paths: str) -> None:
    """Say that a table's rows are no part of the record, and are erased with it."""
    _beside[model] = _along(model, paths)


def beside() -> list[tuple[type[Model], Rows]]:
    """Every table that is erased with a record and is no part of it."""
    return list(_beside.items())


def _along(model: type[Model], paths: tuple[str, ...]) -> Rows:
    def rows(whose: Whose) -> "QuerySet[Any]":
        match = Q()
        for path in paths:
            match |= Q(**{f"{path}__in": whose.ids})
        return model._default_manager.filter(match).distinct()  # noqa: SLF001 - any model's

    return rows


def whose(patient: Patient) -> Whose:
    """A patient with what was merged into them, however often."""
    ids = records_of(patient)
    rows = Patient.objects.filter(pk__in=ids).values_list("phone", flat=True)
    numbers = {number for number in rows if number is not None}
    shared: set[str | None] = set(
        Patient.objects.filter(phone__in=numbers).exclude(pk__in=ids).values_list("phone", flat=True)
    )
    return Whose(tuple(sorted(ids)), tuple(sorted(numbers - shared)))


def resources(patient: Patient) -> Iterator[dict[str, object]]:
    """Yield every resource of a patient's record, table by table, each table in the order of its ids."""
    theirs = whose(patient)
    named: dict[tuple[type[Model], int], str] = {}
    for table in kept():
        for row in table.rows(theirs).order_by("pk"):
            yield _resource(table, row, patient, named)


def _resource(table: Kept, row: Any, patient: Patient, named: dict[tuple[type[Model], int], str]) -> dict[str, object]:
    subject = {} if table.model is Patient else {"subject": {"reference": _reference(Patient, patient.pk)}}
    return {
        "resourceType": table.resource,
        "id": f"{_options(table.model).model_name}-{row.pk}",
        **subject,
        **table.shape(row),
        "row": {
            field.name: _value(field, row, named)
            for field in _options(table.model).concrete_fields
            if field.name not in table.without
        },
    }


def _reference(model: type[Model], pk: object) -> str:
    resource = {Staff: "Practitioner", Center: "Location"}.get(model) or (
        _kept[model].resource if model in _kept else "Basic"
    )
    return f"{resource}/{_options(model).model_name}-{pk}"


def _options(model: type[Model]) -> Any:
    return model._meta  # noqa: SLF001 - Django's own name for it


def _value(field: Any, row: Any, named: dict[tuple[type[Model], int], str]) -> object:
    value = getattr(row, field.attname)
    if isinstance(field, ForeignKey) and value is not None:
        model = field.related_model
        reference: dict[str, object] = {"reference": _reference(model, value)}
        if model in (Staff, Center):
            if (model, value) not in named:
                named[model, value] = str(getattr(row, field.name))
            reference["display"] = named[model, value]
        return reference
    return plain(value)


def plain(value: object) -> object:
    """Return a column's value as JSON has it: times with their offset, spans by their two ends."""
    if isinstance(value, Range):
        return {"start": plain(value.lower), "end": plain(value.upper)}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
