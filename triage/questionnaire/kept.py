"""Asked and kept for the clinician, never scored; dates may settle an item by exact day counts."""

from triage.answers.kept import MAX_DAYS_IN_BED, MAX_TEXT
from triage.questionnaire.item import Choice, Condition, Item, Kind, Section, Text, tri

_CRAMPS = (Condition("symptoms.cramps", ("yes",)),)
_SURGERY = (Condition("wells.bedridden_3d_or_surgery_12w", ("yes", "unknown")),)
_UNSURE = Choice("unknown", ("I am not sure", "No lo sé"))


def _text(name: str, en: str, es: str, help: Text | None = None) -> Item:
    return Item(f"kept.{name}", Kind.TEXT, (en, es), help=help, maximum=MAX_TEXT)


KEPT = Section(
    "kept",
    ("More for your clinician", "Más para su profesional clínico"),
    (
        Item(
            "kept.surgery_date",
            Kind.DATE,
            ("When did you have the operation?", "¿Cuándo le hicieron la operación?"),
            when=_SURGERY,
        ),
        Item(
            "kept.anesthesia",
            Kind.CHOICE,
            ("How were you kept from feeling it?", "¿Qué anestesia le dieron?"),
            choices=(
                Choice("general", ("Put to sleep", "General, dormido")),
                Choice(
                    "regional", ("Numbed from the waist, or a whole arm or leg", "Regional, de la cintura o un miembro")
                ),
                Choice("local", ("Only a small spot was numbed", "Local, solo una zona pequeña")),
                Choice("none", ("Nothing", "Ninguna")),
                _UNSURE,
            ),
            when=(Condition("kept.surgery_date", answered=True),),
        ),
        Item(
            "kept.days_in_bed",
            Kind.WHOLE_NUMBER,
            ("How many days in a row were you in bed?", "¿Cuántos días seguidos estuvo en cama?"),
            unit=("days", "días"),
            minimum=0,
            maximum=MAX_DAYS_IN_BED,
            when=_SURGERY,
        ),
        Item(
            "kept.delivery_date",
            Kind.DATE,
            ("When did the pregnancy end?", "¿Cuándo terminó el embarazo?"),
            when=(Condition("context.postpartum_6wk", ("yes",)),),
        ),
        Item(
            "kept.cramp_side",
            Kind.CHOICE,
            ("On which side are the cramps?", "¿De qué lado son los calambres?"),
            choices=(
                Choice("left", ("Left", "Izquierdo")),
                Choice("right", ("Right", "Derecho")),
                Choice("both", ("Both at once", "Los dos a la vez")),
                Choice("alternating", ("They switch", "Cambian")),
                _UNSURE,
            ),
            when=_CRAMPS,
        ),
        Item(
            "kept.cramp_time",
            Kind.CHOICE,
            ("When do the cramps come?", "¿Cuándo le dan los calambres?"),
            choices=(
                Choice("night", ("At night", "De noche")),
                Choice("day", ("By day", "De día")),
                Choice("both", ("Both", "Los dos")),
                _UNSURE,
            ),
            when=_CRAMPS,
        ),
        tri("kept.worse_standing", "Is the pain worse when you stand?", "¿Le duele más de pie?"),
        tri("kept.worse_walking", "Is the pain worse when you walk?", "¿Le duele más al caminar?"),
        tri(
            "kept.worse_foot_flexed_up",
            "Is it worse when you pull your toes up?",
            "¿Le duele más al subir la punta del pie?",
        ),
        _text("travel", "Have you been on a long trip lately?", "¿Hizo un viaje largo hace poco?"),
        _text("hormones", "Do you take birth control or hormones?", "¿Toma anticonceptivos u hormonas?"),
        _text("injury", "Did you hurt this leg or arm?", "¿Se lastimó esta pierna o este brazo?"),
        _text(
            "activity", "What sport or hard work did you do lately?", "¿Qué deporte o trabajo pesado hizo hace poco?"
        ),
        _text("fluids", "How much water do you drink in a day?", "¿Cuánta agua toma al día?"),
        tri("kept.diuretics", "Do you take water pills?", "¿Toma pastillas para orinar (diuréticos)?"),
        _text("medicines", "What medicines do you take?", "¿Qué medicinas toma?"),
        _text("allergies", "What are you allergic to?", "¿A qué tiene alergia?"),
        _text("notes", "Is there more that we should know?", "¿Hay algo más que debamos saber?"),
    ),
)
