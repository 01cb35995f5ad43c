"""Links in texts: weak proof, single purpose, hashed at rest, expiring."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F

from clinic import clock, events
from clinic.access import SYSTEM, Actor, patient_actor
from clinic.db import in_transaction
from clinic.errors import Conflict, Gone, Invalid, NotFound
from clinic.models import Link, LinkPurpose, Patient
from clinic.names import is_said, like_given, same
from clinic.selectors.duplicates import others_with_birth_date_and_phone
from clinic.selectors.patients import records_of, staying
from clinic.services.identifying import owe_callback

#: Wrong birth dates or codes before a link locks.
GUESSES = 5
#: How long a one-time code is good for.
CODE_LIFE = timedelta(minutes=10)


def _hmac(*parts: object) -> bytes:
    return hmac.new(settings.LINK_KEY.encode(), "|".join(map(str, parts)).encode(), hashlib.sha256).digest()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def token(link: Link) -> str:
    """Compute a link's token: 128 bits, never stored."""
    raw = _hmac("link", link.purpose, link.subject_id, link.patient_id, link.generation)[:16]
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def url(link: Link) -> str:
    """Return the address that goes into a text. It holds no health information."""
    return f"{settings.PUBLIC_BASE_URL}/l/{token(link)}"


def issue(*, purpose: LinkPurpose, subject_id: int, patient: Patient, expires_at: datetime) -> Link:
    """Return the link of this purpose and subject, made once; asking again extends its life.

    One that is locked stays so: another one is made once somebody has checked who the patient is (`renew_locked`).
    """
    kept = Link.objects.filter(purpose=purpose, subject_id=subject_id, patient=patient)
    generation = kept.order_by("-generation").values_list("generation", flat=True).first() or 1
    known = {"purpose": purpose, "subject_id": subject_id, "patient": patient, "generation": generation}
    # The token needs no row: it is written whole, by one statement.
    digest = _digest(token(Link(**known)))
    link, made = Link.objects.get_or_create(**known, defaults={"digest": digest, "expires_at": expires_at})
    if not made and link.expires_at < expires_at:
        Link.objects.filter(pk=link.pk, expires_at__lt=expires_at).update(expires_at=expires_at)
        link.expires_at = expires_at
    return link


def renew_locked(actor: Actor, *, patient: Patient, mine: Callable[[Link], bool]) -> list[Link]:
    """Make another link in the place of each that is locked and has not expired; ``mine`` says of which.

    For whoever has just made sure who the patient is, in their transaction. The locked ones never open again.
    """
    rows = Link.objects.filter(patient__in=records_of(staying(patient)), expires_at__gt=clock.now())
    latest = {(link.purpose, link.subject_id, link.patient_id): link for link in rows.order_by("generation")}
    made = []
    for link in latest.values():
        if link.locked_at is None or not mine(link):
            continue
        new = Link(
            purpose=link.purpose,
            subject_id=link.subject_id,
            patient=link.patient,
            generation=link.generation + 1,
            expires_at=link.expires_at,
        )
        new.digest = _digest(token(new))
        new.save()
        events.record(
            "link.renewed", actor=actor, patient=staying(patient), subject=new, codes={"purpose": link.purpose}
        )
        made.append(new)
    return made


def find(presented: str) -> Link:
    """Return the live link of a token. Raises `NotFound` or `Gone`; nothing is consumed, and a refusal is an event."""
    link = Link.objects.select_related("patient").filter(digest=_digest(presented)).first()
    if link is None:
        raise NotFound("This link is not known.", code="link_unknown")
    if link.expires_at <= clock.now():
        _refused(link, "link_expired")
        raise Gone("This link has expired. Call us and we send you a new one.", code="link_expired")
    if link.locked_at is not None:
        _refused(link, "link_locked")
        raise _locked()
    return link


def needs_given_name(link: Link) -> bool:
    """Whether the birth date does not tell whose link it is: somebody else has the same one, and the same phone."""
    return bool(others_with_birth_date_and_phone(staying(link.patient)))


def prove_birth_date(*, link: Link, birth_date: date, given_name: str = "") -> Link:
    """Check the birth date, and the given name where that alone tells twins with one phone apart.

    Five wrong answers lock the link. Raises `Invalid`, or `Gone` once locked.
    """
    owner = staying(link.patient)
    if birth_date not in (link.patient.birth_date, owner.birth_date):
        raise _count_failure(link, "birth_date", "This is not the birth date that we have.")
    others = others_with_birth_date_and_phone(owner)
    if others and not _names(given_name, owner, others):
        raise _count_failure(link, "given_name", "This is not the given name that we have.")

    def work() -> Link:
        # Answers that are tried at the same time: once five were wrong, no right one opens it any more.
        if not Link.objects.filter(pk=link.pk, locked_at=None).update(proved_at=clock.now()):
            raise _locked()
        events.record("link.opened", actor=patient_actor(link.patient_id), patient=link.patient, subject=link)
        link.refresh_from_db()
        return link

    return in_transaction(work)


def _names(said: str, patient: Patient, others: list[Patient]) -> bool:
    """Whether somebody gave this patient's given name, alone or with the family name, and not another's.

    A slip is forgiven only where it does not make it the other one's.
    """
    if same(said, patient.given_name) or is_said(said, patient.given_name, patient.family_name):
        return True
    return like_given(said, patient.given_name) and not any(like_given(said, each.given_name) for each in others)


def new_code(*, link: Link) -> str:
    """Make a six-digit one-time code for a link, good for ten minutes; the former one ends."""
    generation = link.code_generation + 1
    code = _code(link, generation)
    changed = Link.objects.filter(pk=link.pk, code_generation=link.code_generation).update(
        code_generation=generation,
        code_digest=_digest(f"{link.pk}:{code}"),
        code_expires_at=clock.now() + CODE_LIFE,
    )
    if not changed:
        raise Conflict("A code was sent just now. Use that one.")
    link.refresh_from_db()
    return code


def current_code(link: Link) -> str:
    """Compute the code that is in force: for the text that carries it, when it is rendered."""
    return _code(link, link.code_generation)


def prove_code(*, link: Link, code: str) -> None:
    """Check a one-time code. Raises `Invalid` (and counts it), or `Gone` where it expired."""
    if link.code_expires_at is None or link.code_expires_at <= clock.now():
        _refused(link, "code_expired")
        raise _code_expired()
    if not hmac.compare_digest(link.code_digest, _digest(f"{link.pk}:{code.strip()}")):
        raise _count_failure(link, "code", "This is not the code that we sent.")
    used = Link.objects.filter(pk=link.pk, locked_at=None, code_digest=link.code_digest)
    if not used.update(code_digest="", code_expires_at=None):
        link.refresh_from_db()
        raise _locked() if link.locked_at else _code_expired()


def _code(link: Link, generation: int) -> str:
    return f"{int.from_bytes(_hmac('code', link.pk, generation)[:8], 'big') % 1_000_000:06d}"


def _locked() -> Gone:
    return Gone("This link was locked after five wrong answers. Please call us.", code="link_locked")


def _code_expired() -> Gone:
    return Gone("This code has expired. Ask for a new one.", code="code_expired")


def _refused(link: Link, reason: str) -> None:
    """Keep that a link was refused, and why: a code, never what was answered."""
    in_transaction(
        lambda: events.record(
            "link.refused", actor=SYSTEM, patient=link.patient, subject=link, codes={"reason": reason}
        )
    )


def _count_failure(link: Link, field: str, sentence: str) -> Invalid | Gone:
    """Count a wrong answer in a transaction of its own, and return what to raise."""

    def work() -> int:
        Link.objects.filter(pk=link.pk).select_for_update(no_key=True).get()
        failures = Link.objects.get(pk=link.pk).failures + 1
        locked = clock.now() if failures >= GUESSES else None
        Link.objects.filter(pk=link.pk).update(failures=F("failures") + 1, locked_at=locked)
        _refused(link, field)
        if locked:
            events.record("link.locked", actor=SYSTEM, patient=link.patient, subject=link)
            owe_callback(SYSTEM, staying(link.patient))
        return GUESSES - failures

    left = in_transaction(work)
    if left <= 0:
        return _locked()
    return Invalid(fields={field: f"{sentence} You have {left} tries left."})
