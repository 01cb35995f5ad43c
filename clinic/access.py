"""Who may do what: the one place that says so.

A `Permission` is asked for by its name at every door and in every service; `GRANTS` is the table that a manager can
read. Patients act through a link and prove who they are: they hold no permission of this table, and the services that
serve them check the link's purpose instead.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from clinic.errors import Forbidden
from clinic.models import ActorKind, Integration, Role, Staff


class Permission(StrEnum):
    """Something that a caller may be allowed to do. Its value is also the scope of an integration's token."""

    READ_CENTERS = "centers.read"
    ASSESS = "assessments.create"
    OVERRIDE = "assessments.override"
    ASK_SIGNS = "signs.write"
    READ_RULES = "rules.read"
    APPROVE_RULES = "rules.approve"
    SEARCH_SLOTS = "slots.read"
    HOLD = "holds.write"
    BOOK = "appointments.write"
    WAIT = "waitlist.write"
    OVERBOOK = "appointments.overbook"
    READ_APPOINTMENTS = "appointments.read"
    RUN_VISIT = "appointments.run"
    FIND_PATIENTS = "patients.read"
    REGISTER_PATIENTS = "patients.write"
    READ_EPISODES = "episodes.read"
    CLOSE_EPISODES = "episodes.close"
    WORK_STEPS = "steps.write"
    READ_STEPS = "steps.read"
    WRITE_PRELIMINARY = "reports.preliminary"
    SIGN_REPORTS = "reports.sign"
    TELL_RESULTS = "results.tell"
    SEND_RESULTS = "results.send"
    WRITE_TREATMENT = "treatment.write"
    WRITE_PLANS = "plans.write"
    RELEASE_PATIENTS = "departures.write"
    TELL_REFERRERS = "referrers.write"
    REFER = "referrals.create"
    SIGN_ORDERS = "orders.sign"
    READ_MESSAGES = "messages.read"
    READ_PAGES = "pages.read"
    OPERATE_SENDING = "sending.operate"
    READ_TEXTS = "texts.read"
    APPROVE_TEXTS = "texts.approve"
    READ_CONVERSATIONS = "conversations.read"
    CONVERSE = "conversations.write"
    MOVE_CLOCK = "clock.move"
    VIEW_NETWORK = "network.view"
    EDIT_SHIFTS = "shifts.write"
    READ_RESERVE = "reserve.read"
    EDIT_RESERVE = "reserve.write"
    EXPORT_RECORDS = "records.export"
    RECORD_COVERAGE = "coverage.write"
    BREAK_GLASS = "charts.open"
    REVIEW_ACCESS = "charts.review"
    READ_PEOPLE = "people.read"
    END_ACCOUNTS = "people.end"
    CHECK_IDENTITY = "identity.check"
    READ_DISCLOSURES = "disclosures.read"
    MERGE_PATIENTS = "patients.merge"


_ALL = frozenset(Role)
_CLINICAL = frozenset({Role.SONOGRAPHER, Role.CLINICIAN, Role.PHYSICIAN})
_SIGNERS = frozenset({Role.CLINICIAN, Role.PHYSICIAN})

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.READ_CENTERS: _ALL,
    Permission.ASSESS: _ALL - {Role.ADMINISTRATOR},
    Permission.OVERRIDE: frozenset({Role.REPRESENTATIVE}) | _SIGNERS,
    Permission.ASK_SIGNS: _ALL - {Role.ADMINISTRATOR},
    Permission.READ_RULES: _SIGNERS | {Role.MANAGER, Role.ADMINISTRATOR},
    Permission.APPROVE_RULES: frozenset({Role.PHYSICIAN}),
    Permission.SEARCH_SLOTS: _ALL,
    Permission.HOLD: _ALL - {Role.ADMINISTRATOR},
    Permission.BOOK: _ALL - {Role.ADMINISTRATOR},
    Permission.WAIT: _ALL - {Role.ADMINISTRATOR},
    # An add-on strains the center: it has the name of a clinician, or of who answers for the center.
    Permission.OVERBOOK: _SIGNERS | {Role.MANAGER},
    Permission.READ_APPOINTMENTS: _ALL - {Role.ADMINISTRATOR},
    Permission.RUN_VISIT: _CLINICAL | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.FIND_PATIENTS: _ALL - {Role.ADMINISTRATOR},
    Permission.REGISTER_PATIENTS: _ALL - {Role.ADMINISTRATOR},
    Permission.READ_EPISODES: _ALL - {Role.ADMINISTRATOR},
    Permission.CLOSE_EPISODES: _SIGNERS,
    Permission.READ_STEPS: _ALL - {Role.ADMINISTRATOR},
    Permission.WORK_STEPS: _ALL - {Role.ADMINISTRATOR},
    Permission.WRITE_PRELIMINARY: frozenset({Role.SONOGRAPHER}),
    Permission.SIGN_REPORTS: frozenset({Role.PHYSICIAN}),
    Permission.TELL_RESULTS: _SIGNERS,
    Permission.SEND_RESULTS: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.WRITE_TREATMENT: _SIGNERS,
    Permission.WRITE_PLANS: _SIGNERS,
    # Who may let a patient go home after a clear scan; of any other the service asks for a clinician.
    Permission.RELEASE_PATIENTS: _CLINICAL | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.TELL_REFERRERS: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    # Who takes the call of a referring office, and writes down the order that it gives.
    Permission.REFER: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.SIGN_ORDERS: _SIGNERS,
    Permission.READ_MESSAGES: _ALL - {Role.ADMINISTRATOR},
    # Who was paged about a callback: those who owe it, and those who answer for it.
    Permission.READ_PAGES: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    # What leaves by which of our numbers: counts and codes, nothing about anybody.
    Permission.OPERATE_SENDING: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # The words that we send, and whether somebody who answers for them has approved them.
    Permission.READ_TEXTS: _SIGNERS | {Role.MANAGER, Role.ADMINISTRATOR},
    Permission.APPROVE_TEXTS: frozenset({Role.PHYSICIAN, Role.ADMINISTRATOR}),
    # What patients write holds what they feel: for those who answer them.
    Permission.READ_CONVERSATIONS: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.CONVERSE: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    Permission.MOVE_CLOCK: frozenset({Role.ADMINISTRATOR}),
    Permission.VIEW_NETWORK: frozenset({Role.MANAGER}),
    Permission.EDIT_SHIFTS: frozenset({Role.MANAGER}),
    Permission.READ_RESERVE: _ALL - {Role.ADMINISTRATOR},
    Permission.EDIT_RESERVE: frozenset({Role.MANAGER}),
    # The whole record leaves the house: for those who answer for that.
    Permission.EXPORT_RECORDS: frozenset({Role.PHYSICIAN, Role.MANAGER}),
    Permission.RECORD_COVERAGE: _ALL - {Role.ADMINISTRATOR},
    # Another center's patient, with a reason. Who needs none is told so.
    Permission.BREAK_GLASS: _ALL - {Role.ADMINISTRATOR},
    # Who works here, and whose license runs out.
    Permission.READ_PEOPLE: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # Who makes accounts ends them.
    Permission.END_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    # Who read whose chart: for those who answer for privacy.
    Permission.REVIEW_ACCESS: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # Who speaks with callers, and hears what they say of themselves.
    Permission.CHECK_IDENTITY: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    # To whom something went, on what ground: nothing of what it said.
    Permission.READ_DISCLOSURES: _SIGNERS | {Role.REPRESENTATIVE, Role.MANAGER},
    # Two records become one person's: for who treats them, or answers for the records.
    Permission.MERGE_PATIENTS: _SIGNERS | {Role.MANAGER},
}

#: What is done by a signature: it takes a second factor.
SIGNATURES = frozenset(
    {
        Permission.SIGN_REPORTS,
        Permission.SIGN_ORDERS,
        Permission.CLOSE_EPISODES,
        Permission.APPROVE_RULES,
        Permission.APPROVE_TEXTS,
    }
)


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, an integration, a patient with a proven link, a visitor, or the system."""

    kind: ActorKind
    id: int | None = None
    role: str = ""
    scopes: frozenset[str] = frozenset()
    center_id: int | None = None
    handle: str = field(default="", compare=False)
    #: Whether this log-in passed a second factor: what a signature takes.
    second_factor: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        """A stable name for what this actor holds: holds, idempotency keys."""
        return f"{self.kind}:{self.id if self.id is not None else self.handle}"

    @property
    def staff(self) -> Staff | None:
        """The member of staff, or None."""
        return Staff.objects.get(pk=self.id) if self.kind == ActorKind.STAFF and self.id is not None else None

    @property
    def staff_id(self) -> int | None:
        """The member of staff's id, or None: for columns that name a signer."""
        return self.id if self.kind == ActorKind.STAFF else None


SYSTEM = Actor(kind=ActorKind.SYSTEM)


def staff_actor(staff: Staff, *, second_factor: bool = False) -> Actor:
    """The actor that a logged-in member of staff is."""
    return Actor(
        kind=ActorKind.STAFF,
        id=staff.pk,
        role=staff.role,
        center_id=staff.home_center_id,
        second_factor=second_factor,
    )


def integration_actor(integration: Integration) -> Actor:
    """The actor that a bearer token stands for."""
    return Actor(kind=ActorKind.INTEGRATION, id=integration.pk, scopes=frozenset(integration.scopes))


def visitor_actor(handle: str) -> Actor:
    """Somebody on the web who has not proven who they are; ``handle`` is their opaque session."""
    return Actor(kind=ActorKind.VISITOR, handle=handle)


def patient_actor(patient_id: int) -> Actor:
    """A patient who has proven a link."""
    return Actor(kind=ActorKind.PATIENT, id=patient_id)


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether the actor holds the permission."""
    if actor.kind == ActorKind.SYSTEM:
        return True
    if actor.kind == ActorKind.STAFF:
        return actor.role in GRANTS[permission]
    return actor.kind == ActorKind.INTEGRATION and permission in actor.scopes


def require(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor holds the permission."""
    if not allowed(actor, permission):
        who = f"the role {actor.role}" if actor.role else "this caller"
        raise Forbidden(f"This needs the permission {permission.value}, which {who} does not have.")


class SecondFactorNeeded(Forbidden):
    """Whoever signs proves who they are twice, and this log-in has done so once."""

    code, title = "second_factor_needed", "Your signature needs a second factor."


def require_signature(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor holds the permission, `SecondFactorNeeded` unless they may sign now.

    21 CFR 11.200(a)(1): an electronic signature takes at least two distinct identification components.
    """
    require(actor, permission)
    if settings.SECOND_FACTOR_REQUIRED and actor.kind == ActorKind.STAFF and not actor.second_factor:
        raise SecondFactorNeeded(
            "Your signature needs a second factor in this log-in. Open /staff/account/2fa/ in another tab, confirm a "
            "code of your authenticator app there or set one up, then sign again: what is typed here stays."
        )
