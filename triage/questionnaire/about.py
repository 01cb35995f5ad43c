"""Who it is about, where it is, and when it began."""

from triage.answers.parsing import MAX_ONSET_DAYS
from triage.answers.person import MAX_AGE
from triage.questionnaire.item import Choice, Condition, Item, Kind, Section, tri

ABOUT = Section(
    "about",
    ("About the patient", "Sobre el paciente"),
    (
        Item(
            "patient.birth_date",
            Kind.DATE,
            ("What is the patient's birth date?", "¿Cuál es la fecha de nacimiento del paciente?"),
        ),
        Item(
            "patient.age",
            Kind.WHOLE_NUMBER,
            ("How old is the patient?", "¿Cuántos años tiene el paciente?"),
            unit=("years", "años"),
            minimum=0,
            maximum=MAX_AGE,
            when=(Condition("patient.birth_date", answered=False),),
        ),
        Item(
            "patient.sex",
            Kind.CHOICE,
            ("What sex was the patient given at birth?", "¿Qué sexo se le asignó al paciente al nacer?"),
            choices=(
                Choice("F", ("Female", "Femenino")),
                Choice("M", ("Male", "Masculino")),
                Choice("X", ("Other", "Otro")),
                Choice("unknown", ("I am not sure", "No lo sé")),
            ),
        ),
        Item(
            "limb",
            Kind.CHOICE,
            ("Which leg or arm is it?", "¿Qué pierna o brazo es?"),
            choices=(
                Choice("left_leg", ("Left leg", "Pierna izquierda")),
                Choice("right_leg", ("Right leg", "Pierna derecha")),
                Choice("both_legs", ("Both legs", "Las dos piernas")),
                Choice("alternating", ("Cramps that switch legs", "Calambres que cambian de pierna")),
                Choice("left_arm", ("Left arm", "Brazo izquierdo")),
                Choice("right_arm", ("Right arm", "Brazo derecho")),
                Choice("unknown", ("I am not sure", "No lo sé")),
            ),
        ),
        Item(
            "onset_days",
            Kind.WHOLE_NUMBER,
            ("How many days ago did it begin?", "¿Hace cuántos días empezó?"),
            help=(
                "Put 0 for today. Leave it empty if you do not know.",
                "Ponga 0 si es hoy. Déjelo vacío si no lo sabe.",
            ),
            unit=("days", "días"),
            minimum=0,
            maximum=MAX_ONSET_DAYS,
        ),
        tri("worsening", "Is it getting worse?", "¿Está empeorando?"),
    ),
)
