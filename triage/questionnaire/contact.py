"""How to reach the visitor, asked right after the emergency questions: whoever drops out can be called back.

These belong to the draft and the patient, not to the answers that the rules read.
"""

from triage.questionnaire.item import Choice, Condition, Item, Kind, Section

_RELATIVE = (Condition("contact.answering_for", ("relative",)),)

CONTACT = Section(
    "contact",
    ("How can we reach you?", "¿Cómo podemos llamarle?"),
    (
        Item(
            "contact.phone",
            Kind.PHONE,
            ("What phone number can we call you back at?", "¿A qué número de teléfono podemos llamarle?"),
            script=(
                "In case we get cut off, what is the best number to call you back?",
                "Por si se corta la llamada, ¿cuál es el mejor número para llamarle?",
            ),
            help=("We use it if we get cut off.", "Lo usamos si se corta la comunicación."),
        ),
        Item(
            "contact.zip",
            Kind.ZIP,
            ("What is the ZIP code where you are now?", "¿Cuál es el código postal de donde está ahora?"),
            help=(
                "Five digits. We use it to find the nearest center.",
                "Cinco cifras, para hallar el centro más cercano.",
            ),
        ),
        Item(
            "contact.answering_for",
            Kind.CHOICE,
            ("Who are you answering for?", "¿Por quién responde?"),
            script=(
                "Are you calling for yourself, or for someone else?",
                "¿Llama por usted o por otra persona?",
            ),
            choices=(
                Choice("self", ("Myself", "Por mí")),
                Choice("relative", ("Someone I care for", "Por alguien a quien cuido")),
            ),
        ),
        Item(
            "contact.name",
            Kind.TEXT,
            ("What is your own name?", "¿Cuál es su nombre?"),
            maximum=80,
            when=_RELATIVE,
        ),
        Item(
            "contact.relation",
            Kind.TEXT,
            ("How are you related to the patient?", "¿Qué relación tiene con el paciente?"),
            maximum=40,
            when=_RELATIVE,
        ),
        Item(
            "contact.consent",
            Kind.CHOICE,
            ("Did the patient agree that you answer for them?", "¿El paciente está de acuerdo en que usted responda?"),
            choices=(Choice("yes", ("Yes", "Sí")), Choice("no", ("No", "No"))),
            when=_RELATIVE,
        ),
    ),
)
