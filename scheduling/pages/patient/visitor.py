"""Who is at the browser: what the session keeps, and nothing that says anything of health."""

import uuid

from django.http import HttpRequest

from clinic.access import Actor, patient_actor, visitor_actor
from clinic.errors import DomainError
from clinic.models import Episode, Link, LinkPurpose, Patient
from clinic.selectors.patients import staying
from clinic.services import links
from scheduling.models import Appointment, EntryStatus, WaitlistEntry
from triage.models import Assessment, Draft

DRAFT, HOLD, VISIT, CONSULT_ZIP, VISITOR = "draft", "hold", "visit", "consult_zip", "visitor"
#: What room and center must have for who books a consultation, as codes: kept until it is booked.
NEEDS = "needs"
#: The place on the waitlist.
WAIT = "wait"
#: The assessment of danger signs that led to help, and when they were last asked without finding one.
SIGNS, SIGNS_ASKED = "signs", "signs_asked"


def actor(request: HttpRequest) -> Actor:
    """Return the visitor as who they are to the services: an opaque handle of their browser's session."""
    handle = request.session.get(VISITOR)
    if handle is None:
        handle = request.session[VISITOR] = uuid.uuid4().hex
    return visitor_actor(handle)


def is_known(request: HttpRequest) -> bool:
    """Whether anything is known of a browser's visitor: that ends after some hours, and with its cookies."""
    return bool(request.session.keys())


def draft(request: HttpRequest) -> Draft | None:
    """Return the visitor's answers, finished or not."""
    key = request.session.get(DRAFT)
    return Draft.objects.select_related("assessment").filter(key=key).first() if key else None


def assessment(request: HttpRequest) -> Assessment | None:
    """Return what the visitor's answers became, with its patient and episode."""
    key = request.session.get(DRAFT)
    if not key:
        return None
    return (
        Assessment.objects.select_related("patient", "episode__center", "episode__patient")
        .filter(draft__key=key)
        .first()
    )


def prove(request: HttpRequest, link: Link) -> None:
    """Exchange a proven link for the session: the key is a new one, and what another visitor left is forgotten."""
    request.session.flush()
    request.session[f"link_{link.purpose}"] = link.pk


def proven(request: HttpRequest, purpose: LinkPurpose) -> Link | None:
    """Return the link of this purpose that this browser has proven, if it is still good."""
    pk = request.session.get(f"link_{purpose}")
    link = Link.objects.select_related("patient").filter(pk=pk).first() if pk else None
    if link is None:
        return None
    try:
        return links.find(links.token(link))
    except DomainError:
        return None


def is_theirs(link: Link, patient: Patient | None) -> bool:
    """Whether what a link opens is that patient's still: a merge that was taken back has parted them again."""
    return patient is not None and (patient.pk == link.patient_id or staying(patient) == staying(link.patient))


def waits(request: HttpRequest, episode: Episode | None) -> bool:
    """Whether this visitor has a place on the waitlist for that: a phone may be passed on to somebody else."""
    pk = request.session.get(WAIT)
    if not pk or episode is None:
        return False
    return WaitlistEntry.objects.filter(pk=pk, episode=episode, status=EntryStatus.WAITING).exists()


def visit(request: HttpRequest) -> tuple[Actor, Appointment] | None:
    """Return the visit that this browser booked or proved, and who acts on it.

    Patient and episode are read when they are asked for: the page of the visit shows neither.
    """
    link = proven(request, LinkPurpose.VISIT)
    pk = link.subject_id if link else request.session.get(VISIT)
    found = (
        Appointment.objects.select_related("center", "visit_type").filter(pk=pk or 0, booked_at__isnull=False).first()
    )
    if found is None or (link and link.patient_id != found.patient_id and not is_theirs(link, found.patient)):
        return None
    return (patient_actor(staying(link.patient).pk) if link else actor(request)), found
