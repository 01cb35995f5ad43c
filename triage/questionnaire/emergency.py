"""The emergency questions, asked first: each is what a lay person can see or feel."""

from triage.questionnaire.item import Item, Section, Text, tri


def _danger(name: str, en: str, es: str, help: Text | None = None, script: Text | None = None) -> Item:
    """A yes ends the questions: rule R1."""
    return tri(f"emergency.{name}", en, es, help=help, script=script, ends_on="yes")


EMERGENCY = Section(
    "emergency",
    ("First, is anyone in danger?", "Primero, ¿hay algún peligro?"),
    (
        _danger(
            "short_of_breath",
            "Is it hard to breathe, and is this new or worse than usual?",
            "¿Le cuesta respirar, y es algo nuevo o peor que de costumbre?",
            ("Say yes if you must stop to catch your breath.", "Responda sí si debe parar para tomar aire."),
            (
                "First I must ask about danger signs. Is it hard to breathe, more than is normal for you?",
                "Primero debo preguntar por señales de peligro. ¿Le cuesta respirar más de lo normal?",
            ),
        ),
        _danger(
            "chest_pain",
            "Does your chest hurt or feel tight now, or does it hurt to breathe in?",
            "¿Le duele o le aprieta el pecho ahora, o le duele al tomar aire?",
        ),
        _danger("coughing_blood", "Have you coughed up blood?", "¿Ha tosido sangre?"),
        _danger(
            "fainted",
            "Did you faint or pass out since this began?",
            "¿Se ha desmayado desde que esto empezó?",
        ),
        _danger(
            "rapid_heartbeat",
            "Is your heart racing or pounding while you sit still?",
            "¿El corazón le late muy rápido o muy fuerte aunque está en reposo?",
        ),
        _danger(
            "confused_or_collapsed",
            "Is the person suddenly confused, hard to wake, or lying where they fell?",
            "¿La persona está confundida de repente, cuesta despertarla o se cayó y no se levanta?",
        ),
        _danger(
            "stroke_signs",
            "Did one side of the face droop, one arm go weak, or speech turn slurred?",
            "¿Se cayó un lado de la cara, perdió fuerza en un brazo o habla de forma extraña?",
            (
                "Ask the person to smile, lift both arms, and say a short sentence.",
                "Pida a la persona que sonría, levante los dos brazos y diga una frase corta.",
            ),
        ),
        _danger(
            "major_bleeding",
            "Is there bleeding that does not stop, or blood when you throw up, or black or bloody stool?",
            "¿Hay un sangrado que no para, vómito con sangre, o heces negras o con sangre?",
        ),
        tri(
            "emergency.new_cough_or_lightheaded",
            "Do you have a new cough, or do you feel faint or dizzy?",
            "¿Tiene una tos nueva, o siente mareo o que se va a desmayar?",
        ),
    ),
)
