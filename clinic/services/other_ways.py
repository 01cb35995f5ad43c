"""How somebody without a telephone of their own is reached: another contact, a mailing address, a plan to come back."""

from dataclasses import dataclass

from clinic.errors import Invalid
from clinic.models import Patient
from clinic.phones import normalize_own

NEEDED = (
    "Enter a number. Of who has none, say how else they are reached: another contact with a number, a mailing address,"
    " or when they come back in person."
)
#: The longest that each may be.
LONGEST = {"contact_name": 120, "address": 200, "in_person_plan": 200}


@dataclass(frozen=True, kw_only=True)
class OtherWay:
    """What was said, by the names of the API. Without a telephone of the patient's own one of the three is needed."""

    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    in_person_plan: str = ""

    @property
    def said(self) -> bool:
        """Whether anything was said at all."""
        return any(each.strip() for each in vars(self).values())


def checked(way: OtherWay, wrong: dict[str, str]) -> dict[str, str]:
    """Return the fields of `Patient`; what is wrong is put into ``wrong``, by the names of ``way``."""
    for name, most in LONGEST.items():
        if len(getattr(way, name)) > most:
            wrong[name] = f"Use at most {most} characters."
    name, number = " ".join(way.contact_name.split()), ""
    if bool(name) != bool(way.contact_phone.strip()):
        wrong["contact_phone" if name else "contact_name"] = "Give the name and the number."
    elif name:
        try:
            number = normalize_own(way.contact_phone)
        except ValueError as error:
            wrong["contact_phone"] = str(error)
    return {
        "contact_name": name,
        "contact_phone": number,
        "contact_address": " ".join(way.address.split()),
        "in_person_plan": " ".join(way.in_person_plan.split()),
    }


def keep_other_way(patient: Patient, way: OtherWay) -> None:
    """Write it for a patient whose row is locked. Raises `Invalid` by field; who has no telephone keeps some way."""
    wrong: dict[str, str] = {}
    values = checked(way, wrong)
    if patient.phone is None and not (wrong or way.said):
        wrong["contact_phone"] = (
            "This patient has no telephone: give another contact with a number, a mailing address, or when they come"
            " back in person."
        )
    if wrong:
        raise Invalid(fields=wrong)
    Patient.objects.filter(pk=patient.pk).update(**values)
    for field, value in values.items():
        setattr(patient, field, value)
