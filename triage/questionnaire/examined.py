"""What needs an examining hand, a tape or a clinician's judgment; and the arm's own questions."""

from triage.answers.kept import LARGEST_CALF, SMALLEST_CALF
from triage.questionnaire.item import ARM, LEG, Audience, Choice, Item, Kind, Section, tri


def _calf(name: str, en: str, es: str) -> Item:
    """A measure, from both of which the calf's item follows."""
    return Item(
        f"kept.{name}",
        Kind.DECIMAL,
        (en, es),
        help=("10 cm below the bony knob of the shin.", "10 cm bajo el hueso de la rodilla."),
        unit=("cm", "cm"),
        minimum=SMALLEST_CALF,
        maximum=LARGEST_CALF,
        audience=Audience.STAFF,
        when=(LEG,),
    )


EXAMINED = Section(
    "examined",
    ("Found on examination", "Hallado al examinar"),
    (
        tri(
            "wells.deep_vein_tenderness",
            "Is it tender along the deep veins of the calf or thigh?",
            "¿Hay dolor al tocar a lo largo de las venas profundas?",
            help=("Press gently from the calf to the groin.", "Presione con suavidad de la pantorrilla a la ingle."),
            audience=Audience.STAFF,
            when=(LEG,),
        ),
        tri(
            "wells.calf_3cm",
            "Is the calf at least 3 cm bigger around than the other one?",
            "¿La pantorrilla mide al menos 3 cm más que la otra?",
            help=(
                "Measure both, 10 cm below the bony knob of the shin.",
                "Mida las dos, 10 cm bajo el hueso de la rodilla.",
            ),
            audience=Audience.STAFF,
            when=(LEG,),
        ),
        _calf("calf_left_cm", "How big around is the left calf?", "¿Cuánto mide alrededor la pantorrilla izquierda?"),
        _calf("calf_right_cm", "How big around is the right calf?", "¿Cuánto mide alrededor la pantorrilla derecha?"),
        tri(
            "wells.pitting_one_leg",
            "Does a thumb leave a dent, and more so in this leg?",
            "¿El pulgar deja un hoyo, y más en esta pierna?",
            audience=Audience.STAFF,
            when=(LEG,),
        ),
        tri(
            "wells.collateral_veins",
            "Are there new side veins on the surface that are not varicose?",
            "¿Hay venas nuevas en la piel que no son várices?",
            audience=Audience.STAFF,
            when=(LEG,),
        ),
        Item(
            "wells.alternative_dx_clinician",
            Kind.CHOICE,
            ("Is another diagnosis at least as likely?", "¿Hay otro diagnóstico al menos igual de probable?"),
            choices=(
                Choice("yes", ("Yes", "Sí")),
                Choice("no", ("No", "No")),
                Choice("not_assessed", ("Not assessed", "No evaluado")),
            ),
            audience=Audience.CLINICIAN,
            when=(LEG,),
        ),
    ),
)

ARM_SECTION = Section(
    "arm",
    ("About the arm", "Sobre el brazo"),
    (
        tri(
            "constans.venous_material",
            "Do you have, or did you just have, a line, a port or a pacemaker on that side?",
            "¿Tiene o tuvo hace poco un catéter, un puerto o un marcapasos en ese lado?",
            when=(ARM,),
        ),
        tri(
            "constans.localized_pain",
            "Does one spot on that arm hurt?",
            "¿Le duele un lugar de ese brazo?",
            when=(ARM,),
        ),
        tri(
            "constans.unilateral_edema",
            "Is only that arm swollen?",
            "¿Solo ese brazo está hinchado?",
            when=(ARM,),
        ),
    ),
)
