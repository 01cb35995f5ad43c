"""Retention: what is past its time is erased, and what the run did is written down."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Max

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.keeping import erasing, record, retention
from clinic.keeping.record import Whose
from clinic.models import Episode, EpisodeStatus, Patient

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Retained:
    """What a run erased, or would: counts by rule, and of the records by table.

    ``tied`` counts records that stay because another patient's names one of their rows.
    """

    early: dict[str, int] = field(default_factory=dict)
    records: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    tied: int = 0


def retain(*, years: int, dry_run: bool) -> Retained:
    """Erase what is past its time, each record in a transaction of its own; with ``dry_run`` only count.

    Run twice it erases nothing twice, cut off it goes on where it was. Raises `Invalid` for fewer years than the law
    asks for. Every run that may write leaves an event with its counts.
    """
    if years < retention.LEAST_YEARS:
        raise Invalid(
            f"Clinical records are kept for {retention.LEAST_YEARS} years after the last contact at least.",
            fields={"years": f"Use {retention.LEAST_YEARS} or more."},
        )
    now, done = clock.now(), Retained()
    for rule in retention.early():
        act = rule.count if dry_run else rule.erase
        done.early[rule.name] = in_transaction(partial(act, now, years))
    for patient_id in _candidates(now, years):
        _one(patient_id, now, years, done, dry_run=dry_run)
    if not dry_run:
        in_transaction(partial(_tell, done, years))
    return done


def _candidates(now: datetime, years: int) -> list[int]:
    """Patients who were registered long enough ago, and whose record is not part of another."""
    before = now.replace(tzinfo=None).date()
    first = retention.years_before(before, years)
    return list(
        Patient.objects.filter(merged_into=None, created_at__date__lt=first).order_by("pk").values_list("pk", flat=True)
    )


def _one(patient_id: int, now: datetime, years: int, done: Retained, *, dry_run: bool) -> None:
    try:
        with transaction.atomic():
            patient = Patient.objects.select_for_update().get(pk=patient_id)
            whose = record.whose(patient)
            if not _may_go(patient, whose, now, years):
                return
            rows = Counter({model.__name__: len(ids) for model, ids in _rows(whose)} if dry_run else _erase(whose))
    except IntegrityError as refused:
        log.warning("The record of patient %s stays: %s.", patient_id, type(refused).__name__)
        done.tied += 1
        return
    done.records += 1
    done.rows += rows


def _may_go(patient: Patient, whose: Whose, now: datetime, years: int) -> bool:
    if Episode.objects.filter(patient__in=whose.ids, status=EpisodeStatus.OPEN).exists():
        return False
    born = Patient.objects.filter(pk__in=whose.ids).aggregate(latest=Max("birth_date"))["latest"]
    return retention.may_go(
        born=born, first=patient.created_at.date(), last=_last(whose).date(), on=now.date(), years=years
    )


def _last(whose: Whose) -> datetime:
    """The latest time that stands anywhere in a record: nothing of it happened, or was planned, after that."""
    latest: list[datetime] = []
    for table in record.kept():
        fields = table.model._meta.concrete_fields  # noqa: SLF001 - Django's own name for it
        names = [each.name for each in fields if isinstance(each, DateTimeField)]
        if names:
            rows = table.model._default_manager.filter(pk__in=table.rows(whose).values("pk"))  # noqa: SLF001 - any model's
            latest += [at for at in rows.aggregate(*(Max(name) for name in names)).values() if at is not None]
    return max(latest)


def _rows(whose: Whose) -> Iterator[tuple[type, list[int]]]:
    for model, rows in [*((table.model, table.rows) for table in record.kept()), *record.beside()]:
        ids = list(rows(whose).values_list("pk", flat=True))
        if ids:
            yield model, ids


def _erase(whose: Whose) -> dict[str, int]:
    # All are found before the first is deleted: each is found by the others.
    found = list(_rows(whose))
    with erasing.append_only_ignored():
        return {model.__name__: erasing.delete(model, ids) for model, ids in found}


def _tell(done: Retained, years: int) -> None:
    codes = {"years": years, "records": done.records, "rows": done.rows.total(), "tied": done.tied, **done.early}
    events.record("retention.ran", actor=SYSTEM, codes=codes)
