"""Conversations by number: which wait for a person, and all that was said and done in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Prefetch, Q, QuerySet

from clinic import clock
from clinic.models import LIVE_STEP, Consent, ConsentScope, Episode, EpisodeStatus, Patient, Step
from notifications.models import Conversation, Inbound, Message, Purpose, Receipt, Typed

MOST = 200
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """A conversation in which somebody waits for an answer, since when, and what they wrote last."""

    conversation: Conversation
    since: datetime
    due_at: datetime | None
    urgent: bool
    count: int
    last: Inbound
    patients: tuple[Patient, ...]


@dataclass(frozen=True)
class Recent:
    """A conversation with what was written in it last."""

    conversation: Conversation
    last: Inbound
    patients: tuple[Patient, ...]


@dataclass(frozen=True)
class Thread:
    """All of one number: what came in, what left, what was agreed to, and whose number it is."""

    conversation: Conversation
    patients: list[Patient]
    inbounds: list[Inbound]
    messages: list[Message]
    typed: dict[int, Typed]
    consents: list[Consent]
    steps: list[Step]


def waiting_in(phone: str) -> QuerySet[Inbound]:
    """The texts of a number that wait for a person, the oldest first."""
    waiting = Inbound.objects.filter(phone=phone, waits_for_person=True, attended_at=None)
    return waiting.order_by("received_at", "id")


def waiting_conversations(most: int = MOST) -> list[Waiting]:
    """Return the conversations that wait: emergencies first, then the oldest. Five queries."""
    waiting = Inbound.objects.filter(waits_for_person=True, attended_at=None).order_by("received_at", "id")
    by_phone: dict[str, list[Inbound]] = {}
    for inbound in waiting:
        by_phone.setdefault(inbound.phone, []).append(inbound)
    named = {each.phone: each for each in Conversation.objects.filter(phone__in=by_phone)}
    whose = _by_phone(list(by_phone))
    owed = Step.objects.filter(replies__in=waiting, status__in=LIVE_STEP).values_list("replies__phone")
    due = dict(owed.annotate(Min("due_at")))
    found = [
        Waiting(
            conversation=named[phone],
            since=texts[0].received_at,
            due_at=due.get(phone),
            urgent=any(text.urgent for text in texts),
            count=len(texts),
            last=texts[-1],
            patients=tuple(whose.get(phone, ())),
        )
        for phone, texts in by_phone.items()
        if phone in named
    ]
    return sorted(found, key=lambda each: (not each.urgent, each.since))[:most]


def lately(most: int = 30) -> list[Recent]:
    """Return the conversations in which somebody wrote last, the newest first."""
    since = clock.now() - LATELY
    last = Inbound.objects.filter(received_at__gt=since).order_by("phone", "-received_at", "-id").distinct("phone")
    newest = sorted(last, key=lambda inbound: inbound.received_at, reverse=True)[:most]
    named = {each.phone: each for each in Conversation.objects.filter(phone__in=[each.phone for each in newest])}
    whose = _by_phone(list(named))
    return [
        Recent(named[inbound.phone], inbound, tuple(whose.get(inbound.phone, ())))
        for inbound in newest
        if inbound.phone in named
    ]


def patients_of(phone: str) -> list[Patient]:
    """Everybody who has a number, in a record that stands or in one that was merged into it."""
    theirs = Q(phone=phone) | Q(merged__phone=phone)
    return list(Patient.objects.filter(theirs, merged_into=None).order_by("id").distinct())


def last_heard(phone: str) -> datetime | None:
    """Return when a number wrote last."""
    return Inbound.objects.filter(phone=phone).order_by("-received_at").values_list("received_at", flat=True).first()


def thread_of(conversation: Conversation, most: int = MOST) -> Thread:
    """Return a number's whole thread, as far back as a page shows it."""
    phone = conversation.phone
    messages = Message.objects.filter(phone=phone, staff=None).order_by("-id")
    receipts = Prefetch("tries__receipts", queryset=Receipt.objects.order_by("id"))
    shown = list(messages.prefetch_related("tries", receipts)[:most])
    typed = Typed.objects.filter(pk__in=[each.about_id for each in shown if each.purpose == Purpose.STAFF_REPLY])
    patients = patients_of(phone)
    return Thread(
        conversation=conversation,
        patients=patients,
        inbounds=list(
            Inbound.objects.filter(phone=phone)
            .select_related("attended_by", "visit__visit_type", "visit__center")
            .order_by("-id")[:most]
        ),
        messages=shown,
        typed={each.pk: each for each in typed.select_related("author")},
        consents=list(
            Consent.objects.filter(phone=phone, scope=ConsentScope.CARE_TEXTS)
            .select_related("recorded_by")
            .order_by("-at", "-id")[:most]
        ),
        steps=list(
            Step.objects.filter(replies__phone=phone, status__in=LIVE_STEP)
            .select_related("episode__patient", "episode__center", "center", "owner")
            .distinct()
            .order_by("due_at", "id")
        ),
    )


def open_episode_ids(patients: Sequence[Patient]) -> dict[int, int]:
    """Return the open episode that was opened last, by patient."""
    rows = Episode.objects.filter(patient__in=patients, status=EpisodeStatus.OPEN).order_by("id")
    return dict(rows.values_list("patient_id", "pk"))


def _by_phone(phones: Sequence[str]) -> dict[str, list[Patient]]:
    found: dict[str, list[Patient]] = {}
    theirs = Q(phone__in=phones) | Q(merged__phone__in=phones)
    rows = Patient.objects.filter(theirs, merged_into=None).order_by("id").distinct().prefetch_related("merged")
    for patient in rows:
        numbers = {patient.phone, *(other.phone for other in patient.merged.all())}
        for phone in numbers.intersection(phones):
            found.setdefault(phone or "", []).append(patient)
    return found
