"""Recording what a patient needs to be seen: access, an interpreter, and how they are found without a telephone."""

from dataclasses import dataclass

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid, NotFound
from clinic.languages import INTERPRETED
from clinic.models import AccessNeeds, Mobility, Patient, Transfer
from clinic.phones import normalize_own
from clinic.tables import HEAVIEST_LB, LIGHTEST_LB, table_for


@dataclass(frozen=True, kw_only=True)
class Access:
    """What was asked and answered. ``weight_lb`` is compared with the tables and forgotten; None leaves what stands."""

    mobility: str = Mobility.WALKS
    transfer: str = Transfer.ALONE
    weight_lb: int | None = None
    interpreter: str = ""
    no_phone: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    in_person_plan: str = ""

    @property
    def table_limit_lb(self) -> int | None:
        """The table that the weight needs; None where no weight was said."""
        return None if self.weight_lb is None else table_for(self.weight_lb)

    @property
    def says_nothing(self) -> bool:
        """Whether nobody needs anything out of the ordinary."""
        return self == Access() or (self == Access(weight_lb=self.weight_lb) and not self.table_limit_lb)


def record_access(actor: Actor, *, patient_id: int, access: Access) -> AccessNeeds:
    """Record what a patient needs. Raises `NotFound`, and `Invalid` that names the field."""
    require(actor, Permission.REGISTER_PATIENTS)

    def work() -> AccessNeeds:
        patient = Patient.objects.select_for_update(no_key=True).filter(pk=patient_id).first()
        if patient is None:
            raise NotFound("There is no such patient.")
        return keep_access(actor, patient=patient, access=access)

    return in_transaction(work)


def keep_access(actor: Actor, *, patient: Patient, access: Access) -> AccessNeeds:
    """Write it for a patient who is known already. Runs in the transaction of who asked. Raises `Invalid`."""
    number = check(access)
    values: dict[str, object] = {
        name: getattr(access, name).strip() for name in ("contact_name", "address", "in_person_plan")
    }
    values |= {name: getattr(access, name) for name in ("mobility", "transfer", "interpreter", "no_phone")}
    values |= {"contact_phone": number, "changed_at": clock.now(), "changed_by_id": actor.staff_id}
    if access.table_limit_lb is not None:
        values["table_limit_lb"] = access.table_limit_lb
    row, _ = AccessNeeds.objects.update_or_create(patient=patient, defaults=values)
    events.record("access.recorded", actor=actor, patient=patient, subject=row)
    return row


def check(access: Access) -> str:
    """Return the contact's number as E.164, or raise `Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    if access.mobility not in Mobility.values:
        wrong["mobility"] = f"Choose one of: {', '.join(Mobility.values)}."
    if access.transfer not in Transfer.values:
        wrong["transfer"] = f"Choose one of: {', '.join(Transfer.values)}."
    if access.interpreter and access.interpreter not in INTERPRETED:
        wrong["interpreter"] = f"Choose one of: {', '.join(INTERPRETED)}."
    if access.weight_lb is not None and not LIGHTEST_LB <= access.weight_lb <= HEAVIEST_LB:
        wrong["weight_lb"] = f"Give pounds from {LIGHTEST_LB} to {HEAVIEST_LB}."
    for name, most in (("contact_name", 120), ("address", 200), ("in_person_plan", 200)):
        if len(getattr(access, name)) > most:
            wrong[name] = f"Use at most {most} characters."
    number = _contact(access, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return number


def _contact(access: Access, wrong: dict[str, str]) -> str:
    if bool(access.contact_name.strip()) != bool(access.contact_phone.strip()):
        wrong["contact_phone" if access.contact_name.strip() else "contact_name"] = "Give the name and the number."
        return ""
    try:
        return normalize_own(access.contact_phone) if access.contact_phone.strip() else ""
    except ValueError as error:
        wrong["contact_phone"] = str(error)
        return ""
