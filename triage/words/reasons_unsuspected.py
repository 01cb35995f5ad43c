"""Why someone without a suspected clot is called, seen or advised: R9 to R11."""

from collections.abc import Mapping

from triage.words.clause import TABLE, ClauseWords

_ARTICLE = "the network's public article on leg cramps"

UNSUSPECTED_WORDS: Mapping[str, ClauseWords] = {
    "R9.sign_unknown": ClauseWords(
        "You were not sure about one of the signs of a blood clot. A clinician will go over it with you.",
        "No tenía certeza sobre una de las señales de un coágulo. Un profesional clínico la verá con usted.",
        "R9: a cardinal sign is unknown; neither self-care nor a routine visit is safe until it is answered.",
        f"{TABLE}, R9",
    ),
    "R9.limb_unknown": ClauseWords(
        "We do not know which leg or arm it is. A clinician will call and ask you.",
        "No sabemos qué pierna o brazo es. Un profesional clínico le llamará y le preguntará.",
        "R9: the limb is not named; complete the form with the patient.",
        f"{TABLE}, R9",
    ),
    "R9.both_legs": ClauseWords(
        "Both of your legs changed not long ago, or they are getting worse. A clinician will find out why.",
        "Sus dos piernas cambiaron hace poco o están empeorando. Un profesional clínico buscará la causa.",
        "R9: acute or worsening signs in both legs without the features of suspected DVT; consider heart, kidney, "
        "liver and drug causes.",
        f"{TABLE}, R9",
    ),
    "R9.rest_pain": ClauseWords(
        "Foot or leg pain at rest, or a sore that stays open, can mean poor blood flow. A clinician will call you.",
        "El dolor del pie o la pierna en reposo, o una llaga abierta, puede ser mala circulación. "
        "Un profesional clínico le llamará.",
        "R9: rest pain or open wound (yes or unknown); possible critical limb ischemia.",
        f"{TABLE}, R9",
    ),
    "R9.cramps_with_risk": ClauseWords(
        "You have new cramps in one leg, and something that makes blood clots more likely. A clinician will call you.",
        "Tiene calambres nuevos en una pierna y algo que hace más probable un coágulo. "
        "Un profesional clínico le llamará.",
        "R9: recent one-leg cramps with a major risk (yes or unknown), no cardinal sign.",
        f"{TABLE}, R9",
    ),
    "R10.listed": ClauseWords(
        "Your answers do not point to a blood clot now. They are still a good reason to see a vein specialist.",
        "Sus respuestas no apuntan a un coágulo ahora, pero son una buena razón para ver a un especialista en venas.",
        "R10: DVT not suspected; a sign, a history item or a risk (yes or unknown) warrants a vascular consultation.",
        f"{TABLE}, R10; {_ARTICLE}",
    ),
    "R10.not_all_no": ClauseWords(
        "Your answers do not point to a blood clot now, but not all of them were a clear no. "
        "It is best that a vein specialist sees you.",
        "Sus respuestas no apuntan a un coágulo ahora, pero no todas fueron un no claro. "
        "Es mejor que le vea un especialista en venas.",
        "R10: R11 needs an explicit no everywhere above and an answer is not; consultation rather than self-care.",
        f"{TABLE}, R10 and R11",
    ),
    "R11": ClauseWords(
        "You said no to every warning sign and every risk. Care at home is a good place to start.",
        "Respondió que no a todas las señales de alarma y a todos los riesgos. Puede empezar con cuidados en casa.",
        "R11: every emergency, limb, sign, history and risk answer is an explicit no.",
        f"{TABLE}, R11; {_ARTICLE}",
    ),
}
