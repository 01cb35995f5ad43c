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
from clinic.services.access_needs import Access
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.fitting import needs_of_access
from scheduling.services.callers import is_clinician
from triage.answers import Alternative, Answers, AnswersInvalid, Site, Tri, parse
from triage.answers.groups import LEG_SIGNS, Emergency
from triage.answers.values import ARMS

EMERGENCY_SIGNS = tuple(name for name in Emergency.__slots__ if name != "new_cough_or_lightheaded")
ANSWERED_BY = ("patient", "relative", "staff", "referrer")
#: Signs that ask for an examining hand or a tape. That a whole leg is swollen, a lay person can see.
EXAMINED = tuple(name for name in LEG_SIGNS if name != "entire_leg_swollen")
RELATION_LENGTH, NAME_LENGTH = 40, 80
#: A caller who was sent to emergency care before anybody asked for a name, but whose number we have.
NOT_NAMED_CALLER = ("Not named", "Caller")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who it is about, and how to reach them. ``consent_to_texts`` and ``access`` are None where nobody asked."""

    given_name: str
    family_name: str
    phone: str
    zip: str
    birth_date: date | None = None
    consent_to_texts: bool | None = None
    access: Access | None = None

    @property
    def needs(self) -> Needs:
        """What the patient said that they need of a center and its rooms."""
        said = self.access
        return needs_of_access(said.mobility, said.transfer, said.table_limit_lb or 0) if said else NO_NEEDS


@dataclass(frozen=True)
class Answerer:
    """Who gave the answers: patient, relative or staff. A relative says how they are related, and who they are."""

    answered_by: str
    relation: str = ""
    relative_name: str = ""

    def faults(self) -> dict[str, str]:
        """What is missing or too long, by field. The name came later, and is not asked of every program."""
        wrong = {}
        if self.answered_by not in ANSWERED_BY:
            wrong["answered_by"] = f"Choose one of: {', '.join(ANSWERED_BY)}."
        if self.answered_by == "relative" and not self.relation.strip():
            wrong["relation"] = "Say how you are related to the patient."
        if len(self.relation) > RELATION_LENGTH:
            wrong["relation"] = f"Give at most {RELATION_LENGTH} characters."
        if len(self.relative_name) > NAME_LENGTH:
            wrong["relative_name"] = f"Give at most {NAME_LENGTH} characters."
        return wrong


def on_the_web(actor: Actor) -> bool:
    """Whether nobody of ours or of an integrator stands between the answers and the patient."""
    return actor.kind in (ActorKind.VISITOR, ActorKind.PATIENT)


def read(actor: Actor, raw: Mapping[str, Any], *, zip: str, who: Answerer) -> tuple[Answers, Site | None]:
    """Return the answers without their ``site``, and the site that was given with them: it is believed of nobody.

    Raises `Invalid` with every field at fault; where a danger sign was answered yes beside it, with what that means.
    """
    place = ZipCode.objects.filter(pk=zip).first() if zip else None
    on = clock.now().astimezone(ZoneInfo(place.zone) if place else UTC).date()
    try:
        given = parse(raw, on=on)
    except AnswersInvalid as fault:
        fields = {error.field or "answers": error.message for error in fault.errors}
        raise Invalid(urgent_words(raw), fields=fields) from fault
    answers = replace(given, site=Site())
    wrong = _beyond_the_caller(actor, answers) | who.faults()
    if wrong:
        raise Invalid(urgent_words(raw), fields=wrong)
    gave_site = "site" in raw or "site" in (raw.get("context") or {})
    return answers, given.site if gave_site else None


def urgent_words(raw: Mapping[str, Any]) -> str:
    """What a refusal says besides, where a danger sign was answered yes: a wrong field must not hide an emergency."""
    signs = raw.get("emergency")
    yes = isinstance(signs, Mapping) and any(signs.get(name) == "yes" for name in EMERGENCY_SIGNS)
    return "A danger sign was answered yes: call 911 now. Some fields are not right." if yes else ""


def needs_of(answers: Answers) -> Needs:
    """Return what the study needs of a center: an arm's scan, or the iliac veins in pregnancy (clinical.md R7, R8)."""
    is_arm = answers.limb in ARMS
    return Needs(arm=is_arm, iliac=not is_arm and answers.context.pregnant is Tri.YES)


def _beyond_the_caller(actor: Actor, answers: Answers) -> dict[str, str]:
    """Return the items that this caller may not answer: examined signs on the web, the alternative by a lay person."""
    wrong = {}
    if on_the_web(actor):
        if answers.stat_order:
            wrong["stat_order"] = "Only a referring clinician's order says this."
        for name in EXAMINED:
            if getattr(answers.wells, name) is not Tri.UNKNOWN:
                wrong[f"wells.{name}"] = "Only somebody who examined the leg can answer this."
    judged = answers.wells.alternative_dx_clinician is not Alternative.NOT_ASSESSED
    if judged and not is_clinician(actor) and actor.kind != ActorKind.INTEGRATION:
        wrong["wells.alternative_dx_clinician"] = "Only a clinician can answer this."
    return wrong
