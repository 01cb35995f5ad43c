"""The limb-threat questions: what can be seen and felt, so that a lay person can say yes or no."""

from triage.questionnaire.item import Item, Section, Text, tri


def _threat(name: str, en: str, es: str, help: Text | None = None, script: Text | None = None) -> Item:
    """A yes ends the questions: rule R2."""
    return tri(f"limb_threat.{name}", en, es, help=help, script=script, ends_on="yes")


LIMB_THREAT = Section(
    "limb_threat",
    ("Is the arm or leg in danger?", "¿Corre peligro el brazo o la pierna?"),
    (
        _threat(
            "limb_blue_white_or_mottled",
            "Has the arm or leg turned blue, gray, very pale, or blotchy?",
            "¿El brazo o la pierna se puso azul, gris, muy pálido o con manchas?",
            (
                "On dark skin, look at the nails and the palm or sole.",
                "En piel oscura, mire las uñas y la palma o planta.",
            ),
        ),
        _threat(
            "limb_cold",
            "Does that arm or leg feel much colder than the other one?",
            "¿Siente ese brazo o esa pierna mucho más frío que el otro lado?",
            ("Touch both at the same spot.", "Toque los dos lados en el mismo lugar."),
        ),
        _threat(
            "sudden_numb_or_weak",
            "Did that arm or leg suddenly go numb or weak?",
            "¿Ese brazo o esa pierna perdió fuerza o sensación de repente?",
        ),
        _threat(
            "pulse_absent_or_weak",
            "Press a nail on that side until it turns pale, then let go. Does it stay pale for more than 3 seconds?",
            "Apriete una uña de ese lado hasta que se ponga pálida y suelte. ¿Sigue pálida más de 3 segundos?",
            (
                "Use a toe for a leg and a finger for an arm. Count: one and two and three.",
                "Use un dedo del pie para la pierna y uno de la mano para el brazo. Cuente hasta tres.",
            ),
            (
                "Press a nail on that foot or hand until it is pale. Let go. Is it still pale when I count to 3?",
                "Apriete una uña de ese pie o esa mano hasta que se ponga pálida. Suelte. ¿Sigue pálida si cuento a 3?",
            ),
        ),
        _threat(
            "tense_or_pain_out_of_proportion",
            "Is it hard and tight like wood, or does it hurt too much to move your toes or fingers?",
            "¿Está duro y tenso como madera, o le duele demasiado mover los dedos?",
        ),
        _threat(
            "infection_with_fever_or_spreading",
            "Is the skin hot and red, and do you have a fever or is the red area growing fast?",
            "¿La piel está caliente y roja, y tiene fiebre o la zona roja crece rápido?",
            ("A fever is 100.4 F (38 C) or more, or shaking chills.", "Fiebre es 38 C (100.4 F) o más, o escalofríos."),
        ),
        _threat(
            "cannot_bear_weight_after_injury",
            "Did you fall or get hit, and now you cannot take four steps on that leg?",
            "¿Se cayó o se golpeó y ahora no puede dar cuatro pasos con esa pierna?",
            ("Say no if there was no injury, or if it is an arm.", "Responda no si no hubo golpe o si es un brazo."),
        ),
        _threat(
            "bladder_bowel_saddle",
            "Did you lose control of your urine or stool, or go numb between your legs?",
            "¿Perdió el control de la orina o las heces, o no siente la zona entre las piernas?",
        ),
        _threat(
            "face_neck_swelling",
            "Is your face or neck newly swollen?",
            "¿Tiene la cara o el cuello hinchados desde hace poco?",
        ),
    ),
)
