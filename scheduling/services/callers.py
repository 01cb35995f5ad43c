"""Who may ask a scheduling service for something."""

from clinic.access import Actor, Permission, require
from clinic.models import ActorKind, Role

CLINICAL_ROLES = (Role.CLINICIAN, Role.PHYSICIAN)


def require_or_own(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the caller holds the permission, or acts for themselves.

    Visitors and patients hold none: they reach these services only through pages that have tied them to their own
    hold, or to the visit of a link that they proved.
    """
    if actor.kind not in (ActorKind.VISITOR, ActorKind.PATIENT):
        require(actor, permission)


def is_clinician(actor: Actor) -> bool:
    """Whether the caller is a clinician or physician, whose name a clinical exception needs."""
    return actor.kind == ActorKind.STAFF and actor.role in CLINICAL_ROLES
