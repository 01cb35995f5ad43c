"""Owing a signed report to the office that referred: a row in the transaction of its cause, once by its dedupe key."""

from django.db.models import Q

from clinic import clock, events
from clinic.access import SYSTEM, Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, NotFound
from clinic.models import ClosingReason, Event, Practice, Referrer, Report, ReportStatus
from clinic.services.locked_reports import locked
from clinic.services.referrers import current_version, still_owed
from notifications import carrier
from notifications.models import Delivery, DeliveryStatus, DocumentWay
from notifications.models.delivery import ON_ITS_WAY


class NoWay(Conflict):
    """There is nowhere to send it, or nothing to send it by."""

    code, title = "no_way", "Neither a fax number nor a Direct address is recorded, or no carrier is set."


class OnItsWay(Conflict):
    """What is on its way is not sent beside itself."""

    code, title = "document_on_its_way", "This report is on its way already. Wait for what becomes of it."


def register() -> None:
    """Hear of what is signed, and of offices that are recorded or corrected."""
    events.subscribe("report.final", owe_signed)
    events.subscribe("report.amended", owe_signed)
    events.subscribe("referrer.recorded", owe_corrected)
    events.subscribe("episode.closed", withdraw_error)


def owe_signed(event: Event) -> None:
    """A version was signed: it is owed to who referred. What has not left of a former one stays here."""
    report = Report.objects.filter(pk=event.subject_id or 0).first()
    if report is None or not carrier.is_set():
        return
    _no_longer(Q(report=report), "amended")
    referrer = Referrer.objects.filter(episode_id=report.episode_id).first()
    if referrer is not None:
        owe(SYSTEM, report=report, referrer=referrer)


def owe_corrected(event: Event) -> None:
    """An office was recorded or corrected: what has not left to a former address stays, and the new one is owed it."""
    if event.episode_id is None or not carrier.is_set():
        return
    referrer = Referrer.objects.get(episode_id=event.episode_id)
    kept = ways_of(referrer)
    elsewhere = Q(report__episode_id=event.episode_id) & ~Q(address__in=list(kept.values()))
    _no_longer(elsewhere, "corrected")
    signed = Report.objects.filter(episode_id=event.episode_id).exclude(status=ReportStatus.PRELIMINARY)
    report = signed.order_by("-id").first()
    if report is not None and event.episode is not None and still_owed(event.episode):
        owe(SYSTEM, report=report, referrer=referrer)


def withdraw_error(event: Event) -> None:
    """All of an episode was an error, or a duplicate: what has not left stays here."""
    if event.codes.get("reason") == ClosingReason.DUPLICATE:
        _no_longer(Q(report__episode_id=event.episode_id), "entered_in_error")


def ways_of(referrer: Referrer) -> dict[str, str]:
    """Return how an office can be sent a document: ways with their addresses, the better one first.

    What was not said with the referral is filled in from the directory. A Direct message is encrypted to its reader,
    a fax lies in a tray.
    """
    practice = Practice.objects.filter(npi=referrer.npi).first() if referrer.npi else None
    direct = referrer.direct_address or (practice.direct_address if practice else "")
    fax = referrer.fax or (practice.fax if practice else "")
    ways = {DocumentWay.DIRECT.value: direct, DocumentWay.FAX.value: fax}
    return {way: address for way, address in ways.items() if address}


def owe(actor: Actor, *, report: Report, referrer: Referrer, without: frozenset[str] = frozenset()) -> bool:
    """Owe the present version by the best way that is not ``without``; return whether there was one.

    Owing it again to the same address changes nothing. One that arrived at the address, or is on its way to the office,
    is owed no second time.
    """
    version = current_version(report)
    ways = {way: address for way, address in ways_of(referrer).items() if way not in without}
    here = Delivery.objects.filter(report=report, version=version)
    if not ways:
        return False
    live = here.filter(Q(status__in=ON_ITS_WAY) | Q(status=DeliveryStatus.CONFIRMED))
    if live.filter(address__in=list(ways.values())).exists():
        return True
    way, address = next(iter(ways.items()))
    _write(actor, report, referrer, version=version, way=way, address=address)
    return True


def send_again(actor: Actor, *, delivery_id: int) -> Delivery:
    """Have the present version of a report sent again, to the address that is recorded now by the same way.

    Raises `OnItsWay` while one of it may still arrive by that way, `NoWay` where there is no such address any more.
    """
    require(actor, Permission.TELL_REFERRERS)

    def work() -> Delivery:
        former = Delivery.objects.filter(pk=delivery_id).first()
        if former is None:
            raise NotFound("No such document.")
        report = locked(former.report_id)
        referrer = Referrer.objects.filter(episode_id=report.episode_id).first()
        address = ways_of(referrer).get(former.way, "") if referrer is not None else ""
        if referrer is None or not address or not carrier.is_set():
            raise NoWay
        if Delivery.objects.filter(report=report, way=former.way, status__in=ON_ITS_WAY).exists():
            raise OnItsWay
        again = Delivery.objects.filter(report=report).count()
        return _write(
            actor,
            report,
            referrer,
            version=current_version(report),
            way=former.way,
            address=address,
            again=again,
        )

    return in_transaction(work)


def _write(
    actor: Actor, report: Report, referrer: Referrer, *, version: int, way: str, address: str, again: int = 0
) -> Delivery:
    now = clock.now()
    row, new = Delivery.objects.get_or_create(
        dedupe_key=f"{report.pk}:{version}:{way}:{address}:{again}",
        defaults={
            "report": report,
            "version": version,
            "way": way,
            "address": address,
            "office": ", ".join(filter(None, (referrer.name, referrer.practice)))[:120],
            "asked_by_id": actor.staff_id,
            "due_at": now,
            "created_at": now,
        },
    )
    if new:
        codes = {"way": way, "version": version, "again": bool(again)}
        events.record("document.owed", actor=actor, episode=report.episode, subject=row, codes=codes)
    return row


def _no_longer(which: Q, code: str) -> None:
    """Cancel what has not left."""
    waiting = Delivery.objects.filter(which, status=DeliveryStatus.DUE)
    waiting.update(status=DeliveryStatus.CANCELLED, ended_at=clock.now(), end_code=code)
