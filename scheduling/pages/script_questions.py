"""The questions of a call in the order in which they are asked: danger first, then who it is and how to reach them."""

from dataclasses import dataclass

from clinic.languages import INTERPRETED
from clinic.models import Language
from clinic.services.consent import WORDING
from clinic.tables import HEAVIEST_LB, LIGHTEST_LB, STANDARD_LB
from triage.questionnaire import SECTIONS, Item, Kind
from triage.questionnaire.item import Audience, Choice, Condition, Text

#: Asked with the name, before what follows from the danger signs.
_WITH_THE_NAME = ("patient.birth_date", "patient.age")
#: Parts whose questions decide nothing, or can't be asked of a caller: nobody is reminded of what is open there.
OPTIONAL = frozenset({"contact", "access", "examined", "kept"})


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


_NONE = (Condition("contact.phone", answered=False), Condition("access.no_phone", ("yes",)))
#: Of who has no number to call back: how else they are reached. One of the three is needed.
WITHOUT_PHONE = (
    Item(
        "access.no_phone",
        Kind.CHOICE,
        ("Do you have no phone at all?", "¿No tiene ningún teléfono?"),
        choices=(Choice("yes", ("No phone", "Ningún teléfono")), Choice("no", ("There is one", "Sí hay uno"))),
        when=(Condition("contact.phone", answered=False),),
    ),
    Item(
        "access.contact_name",
        Kind.TEXT,
        ("Who can pass a message on to you?", "¿Quién puede darle un recado?"),
        maximum=120,
        when=_NONE,
    ),
    Item(
        "access.contact_phone",
        Kind.PHONE,
        ("And their phone number?", "¿Y su número de teléfono?"),
        when=_NONE,
    ),
    Item(
        "access.address",
        Kind.TEXT,
        ("Or at what address does mail reach you?", "¿O a qué dirección le llega el correo?"),
        maximum=200,
        when=_NONE,
    ),
    Item(
        "access.in_person_plan",
        Kind.TEXT,
        ("Or when will you come by in person?", "¿O cuándo vendrá usted en persona?"),
        maximum=200,
        when=_NONE,
    ),
)
_MOBILITY = (("walks", "Walking", "Caminando"), ("walker", "With an aid", "Con un apoyo"))
_TRANSFER = (("alone", "By myself", "Sin ayuda"), ("helper", "With help", "Con ayuda"))
_SPOKEN = {
    "es": "Español",
    "ht": "Kreyòl ayisyen",
    "zh": "中文",
    "vi": "Tiếng Việt",
    "ko": "한국어",
    "ru": "Русский",
    "ar": "العربية",
    "fr": "Français",
    "pt": "Português",
}
#: What they need to be seen: asked before a time is looked for, so that rooms that do not fit are left out.
ACCESS = (
    Item(
        "access.mobility",
        Kind.CHOICE,
        ("How do you get about?", "¿Cómo se desplaza usted?"),
        choices=tuple(
            Choice(value, (en, es)) for value, en, es in (*_MOBILITY, ("wheelchair", "Wheelchair", "Silla de ruedas"))
        ),
    ),
    Item(
        "access.transfer",
        Kind.CHOICE,
        ("Can you get onto an examination table?", "¿Puede subirse a una camilla?"),
        choices=tuple(
            Choice(value, (en, es)) for value, en, es in (*_TRANSFER, ("lift", "Only with a lift", "Solo con grúa"))
        ),
    ),
    Item(
        "access.weight_lb",
        Kind.WHOLE_NUMBER,
        (
            f"If you may weigh more than {STANDARD_LB} pounds: how much?",
            f"Si pesa quizá más de {STANDARD_LB} libras: ¿cuánto?",
        ),
        help=("Compared with the tables, and not kept.", "Se compara con las camillas y no se guarda."),
        unit=("pounds", "libras"),
        minimum=LIGHTEST_LB,
        maximum=HEAVIEST_LB,
    ),
    Item(
        "access.interpreter",
        Kind.CHOICE,
        ("Do you need an interpreter for the visit?", "¿Necesita un intérprete para la visita?"),
        choices=(
            Choice("none", ("No", "No")),
            Choice("asl", ("Sign language (ASL)", "Lengua de señas (ASL)")),
            *(Choice(code, (INTERPRETED[code], own)) for code, own in _SPOKEN.items()),
            *(Choice(code, (name, name)) for code, name in INTERPRETED.items() if code not in {"asl", *_SPOKEN}),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Questions under one heading."""

    key: str
    title: Text
    items: tuple[Item, ...]


def parts(*, clinician: bool) -> tuple[Part, ...]:
    """Return the script. What only a clinician may judge is on a clinician's script alone."""
    found = []
    for section in SECTIONS:
        items = _contact() if section.key == "contact" else tuple(_of(section.items, clinician=clinician))
        found.append(Part(section.key, section.title, items))
    return (*found, Part("access", ("What do you need to be seen?", "¿Qué necesita para la visita?"), ACCESS))


def _of(items: tuple[Item, ...], *, clinician: bool) -> list[Item]:
    mine = [item for item in items if clinician or item.audience is not Audience.CLINICIAN]
    return [item for item in mine if item.key not in _WITH_THE_NAME]


def _contact() -> tuple[Item, ...]:
    by_key = {item.key: item for section in SECTIONS for item in section.items}
    return (
        by_key["contact.phone"],
        *WITHOUT_PHONE,
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
