"""The questions of a call in the order in which they are asked: danger first, then who it is and how to reach them."""

from dataclasses import dataclass

from clinic.models import Language
from clinic.services.consent import WORDING
from triage.questionnaire import SECTIONS, Item, Kind
from triage.questionnaire.item import Audience, Choice, Text

#: Asked with the name, before what follows from the danger signs.
_WITH_THE_NAME = ("patient.birth_date", "patient.age")
#: Parts whose questions decide nothing, or can't be asked of a caller: nobody is reminded of what is open there.
OPTIONAL = frozenset({"contact", "examined", "kept"})


def _name(key: str, words: Text) -> Item:
    return Item(f"contact.{key}", Kind.TEXT, words, maximum=80)


GIVEN_NAME = _name("given_name", ("What is the patient's first name?", "¿Cuál es el nombre del paciente?"))
FAMILY_NAME = _name("family_name", ("What is the patient's last name?", "¿Cuál es el apellido del paciente?"))
CONSENT_TO_TEXTS = Item(
    "contact.consent_to_texts",
    Kind.CHOICE,
    ("May we text this number?", "¿Podemos enviar mensajes de texto a este número?"),
    help=(WORDING[Language.ENGLISH], WORDING[Language.SPANISH]),
    choices=(Choice("yes", ("Yes", "Sí")), Choice("no", ("No", "No"))),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Questions under one heading."""

    key: str
    title: Text
    items: tuple[Item, ...]


def parts(*, clinician: bool) -> tuple[Part, ...]:
    """Return the script. What only a clinician may judge is on a clinician's script alone."""
    return tuple(
        Part(
            section.key,
            section.title,
            _contact() if section.key == "contact" else tuple(_of(section.items, clinician=clinician)),
        )
        for section in SECTIONS
    )


def _of(items: tuple[Item, ...], *, clinician: bool) -> list[Item]:
    mine = [item for item in items if clinician or item.audience is not Audience.CLINICIAN]
    return [item for item in mine if item.key not in _WITH_THE_NAME]


def _contact() -> tuple[Item, ...]:
    by_key = {item.key: item for section in SECTIONS for item in section.items}
    return (
        by_key["contact.phone"],
        by_key["contact.zip"],
        GIVEN_NAME,
        FAMILY_NAME,
        *(by_key[key] for key in _WITH_THE_NAME),
        by_key["contact.answering_for"],
        by_key["contact.name"],
        by_key["contact.relation"],
        by_key["contact.consent"],
        CONSENT_TO_TEXTS,
    )
