"""The answers of one intake, read and checked for who gave them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import ActorKind, ZipCode
from scheduling.needs import Needs
from scheduling.services.callers import is_clinician
from triage.answers import Alternative, Answers, AnswersInvalid, Site, Tri, parse
from triage.answers.groups import LEG_SIGNS
from triage.answers.values import ARMS

ANSWERED_BY = ("patient", "relative", "staff")
#: Signs that ask for an examining hand or a tape. That a whole leg is swollen, a lay person can see.
EXAMINED = tuple(name for name in LEG_SIGNS if name != "entire_leg_swollen")
RELATION_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who it is about, and how to reach them. ``consent_to_texts`` is None where nobody asked."""

    given_name: str
    family_name: str
    phone: str
    zip: str
    birth_date: date | None = None
    consent_to_texts: bool | None = None


def read(actor: Actor, raw: Mapping[str, Any], *, zip: str, answered_by: str, relation: str) -> Answers:
    """Return the answers; the caller's own ``site`` is never believed. Raises `Invalid` with every field at fault."""
    place = ZipCode.objects.filter(pk=zip).first() if zip else None
    on = clock.now().astimezone(ZoneInfo(place.zone) if place else UTC).date()
    try:
        answers = replace(parse(raw, on=on), site=Site())
    except AnswersInvalid as fault:
        raise Invalid(fields={error.field or "answers": error.message for error in fault.errors}) from fault
    wrong = _beyond_the_caller(actor, answers)
    if answered_by not in ANSWERED_BY:
        wrong["answered_by"] = f"Choose one of: {', '.join(ANSWERED_BY)}."
    if answered_by == "relative" and not relation.strip():
        wrong["relation"] = "Say how you are related to the patient."
    if len(relation) > RELATION_LENGTH:
        wrong["relation"] = f"Give at most {RELATION_LENGTH} characters."
    if wrong:
        raise Invalid(fields=wrong)
    return answers


def needs_of(answers: Answers) -> Needs:
    """Return what the study needs of a center: an arm's scan, or the iliac veins in pregnancy (clinical.md R7, R8)."""
    is_arm = answers.limb in ARMS
    return Needs(arm=is_arm, iliac=not is_arm and answers.context.pregnant is Tri.YES)


def _beyond_the_caller(actor: Actor, answers: Answers) -> dict[str, str]:
    """Return the items that this caller may not answer: examined signs on the web, the alternative by a lay person."""
    wrong = {}
    if actor.kind in (ActorKind.VISITOR, ActorKind.PATIENT):
        for name in EXAMINED:
            if getattr(answers.wells, name) is not Tri.UNKNOWN:
                wrong[f"wells.{name}"] = "Only somebody who examined the leg can answer this."
    judged = answers.wells.alternative_dx_clinician is not Alternative.NOT_ASSESSED
    if judged and not is_clinician(actor) and actor.kind != ActorKind.INTEGRATION:
        wrong["wells.alternative_dx_clinician"] = "Only a clinician can answer this."
    return wrong
