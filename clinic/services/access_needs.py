"""Recording what a patient needs to be seen: access, an interpreter, and how they are found without a telephone."""

from dataclasses import dataclass, replace

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid, NotFound
from clinic.languages import INTERPRETED
from clinic.models import AccessNeeds, Mobility, Patient, Transfer
from clinic.services.other_ways import OtherWay, keep_other_way
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
    def other_way(self) -> OtherWay:
        """How they are found without a telephone."""
        return OtherWay(
            contact_name=self.contact_name,
            contact_phone=self.contact_phone,
            address=self.address,
            in_person_plan=self.in_person_plan,
        )

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


def add_access(actor: Actor, *, patient: Patient, access: Access) -> None:
    """Write what was said in passing: whoever asks for nothing takes nothing back that was recorded before.

    In the transaction of who asked, as `keep_access`; raises what it raises.
    """
    if access.says_nothing:
        return
    row = AccessNeeds.objects.filter(patient=patient).first() or AccessNeeds()
    kept = replace(
        access,
        mobility=access.mobility if access.mobility != Mobility.WALKS else row.mobility,
        transfer=access.transfer if access.transfer != Transfer.ALONE else row.transfer,
        interpreter=access.interpreter or row.interpreter,
        no_phone=access.no_phone or row.no_phone,
    )
    if not access.other_way.said:
        kept = replace(
            kept,
            contact_name=patient.contact_name,
            contact_phone=patient.contact_phone,
            address=patient.contact_address,
            in_person_plan=patient.in_person_plan,
        )
    keep_access(actor, patient=patient, access=kept)


def keep_access(actor: Actor, *, patient: Patient, access: Access) -> AccessNeeds:
    """Write it for a patient who is known already. Runs in the transaction of who asked. Raises `Invalid`."""
    _check(access)
    keep_other_way(patient, access.other_way)
    values: dict[str, object] = {name: getattr(access, name) for name in ("mobility", "transfer", "interpreter")}
    values |= {"no_phone": access.no_phone or patient.phone is None}
    values |= {"changed_at": clock.now(), "changed_by_id": actor.staff_id}
    if access.table_limit_lb is not None:
        values["table_limit_lb"] = access.table_limit_lb
    row, _ = AccessNeeds.objects.update_or_create(patient=patient, defaults=values)
    events.record("access.recorded", actor=actor, patient=patient, subject=row)
    return row


def _check(access: Access) -> None:
    """Raise `Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    if access.mobility not in Mobility.values:
        wrong["mobility"] = f"Choose one of: {', '.join(Mobility.values)}."
    if access.transfer not in Transfer.values:
        wrong["transfer"] = f"Choose one of: {', '.join(Transfer.values)}."
    if access.interpreter and access.interpreter not in INTERPRETED:
        wrong["interpreter"] = f"Choose one of: {', '.join(INTERPRETED)}."
    if access.weight_lb is not None and not LIGHTEST_LB <= access.weight_lb <= HEAVIEST_LB:
        wrong["weight_lb"] = f"Give pounds from {LIGHTEST_LB} to {HEAVIEST_LB}."
    if wrong:
        raise Invalid(fields=wrong)
