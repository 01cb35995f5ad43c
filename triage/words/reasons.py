"""Why each clause of the rules fired. Keys are the clauses of ``triage.rules``."""

from collections.abc import Mapping

from triage.decision import Reason
from triage.words.clause import TABLE, ClauseWords
from triage.words.reasons_scan import SCAN_WORDS
from triage.words.reasons_unsuspected import UNSUSPECTED_WORDS

URGENT_WORDS: Mapping[str, ClauseWords] = {
    "R1": ClauseWords(
        "You told us about a sign that can mean a life-threatening problem. It cannot wait.",
        "Nos habló de una señal que puede ser un problema de vida o muerte. No puede esperar.",
        "R1: an emergency sign is present (possible pulmonary embolism, stroke or major bleeding). 911, no slots.",
        f"2026 AHA/ACC pulmonary embolism guideline, warning signs; {TABLE}, R1",
    ),
    "R2": ClauseWords(
        "You told us about a sign that your arm, your leg or your health is in danger. A hospital must see you now.",
        "Nos habló de una señal de que su brazo, su pierna o su salud corre peligro. Un hospital debe verle ahora.",
        "R2: limb-threat sign present (ischemia, compartment syndrome, spreading infection, fracture, cauda equina "
        "or SVC). Emergency department within 60 min; 911 where there is no transport.",
        f"{TABLE}, R2",
    ),
    "R3.unknown": ClauseWords(
        "You were not sure about one or more of the danger signs. A clinician needs to ask you about them right away.",
        "No tenía certeza sobre una o más señales de peligro. Un profesional clínico debe preguntarle ya.",
        "R3: an emergency or limb-threat answer is unknown. Speak with the patient within 10 min; if not reached, "
        "supervisor, then ED advice.",
        f"{TABLE}, R3",
    ),
    "R3.cough": ClauseWords(
        "A new cough or feeling faint can come from a clot in the lung. A clinician needs to talk with you right away.",
        "Una tos nueva o sentir que se desmaya puede venir de un coágulo en el pulmón. "
        "Un profesional clínico debe hablar con usted ya.",
        "R3: new cough or lightheadedness, possible early pulmonary embolism. Speak with the patient within 10 min.",
        f"{TABLE}, R3",
    ),
    "R4.age_missing": ClauseWords(
        "We do not know the age of the patient. A clinician will ask, so that the advice is right.",
        "No sabemos la edad del paciente. Un profesional clínico la preguntará para dar el consejo correcto.",
        "R4: age missing; the adult rules cannot be applied until it is known.",
        f"{TABLE}, R4",
    ),
    "R4.child_suspected": ClauseWords(
        "The patient is under 18 and has signs that could be a blood clot. Go to a hospital that cares for children.",
        "El paciente es menor de 18 años y tiene señales que podrían ser un coágulo. "
        "Vaya a un hospital que atienda a niños.",
        "R4: under 18 with suspected DVT. Adult scores are not validated; pediatric-capable ED.",
        f"{TABLE}, R4; NICE NG158 (adults only)",
    ),
    "R4.child": ClauseWords(
        "The patient is under 18. A clinician will call to talk about the right care for a young person.",
        "El paciente es menor de 18 años. Un profesional clínico llamará para hablar del cuidado correcto.",
        "R4: under 18, DVT not suspected. Adult rules are not validated; clinician to advise.",
        f"{TABLE}, R4",
    ),
    "R5": ClauseWords(
        "You are in a hospital now. Tell your nurse what you feel. Our clinician will call your care team.",
        "Usted está en un hospital ahora. Diga a su enfermera lo que siente. "
        "Nuestro profesional clínico llamará a su equipo.",
        "R5: hospital inpatient; outpatient scores do not apply. Call the ward team.",
        f"{TABLE}, R5; NICE NG158",
    ),
    "R6.therapeutic": ClauseWords(
        "You have signs that could be a blood clot while you take a blood thinner. A clinician will call you. "
        "We keep a scan time for you.",
        "Tiene señales que podrían ser un coágulo mientras toma un anticoagulante. "
        "Un profesional clínico le llamará. Le guardamos una hora para el ultrasonido.",
        "R6: DVT suspected on therapeutic anticoagulation (failure, extension or other cause). Tier-1 slot held.",
        f"{TABLE}, R6",
    ),
    "R6.local_infection": ClauseWords(
        "Your skin may be infected, or it may be a blood clot. A clinician will call you. We keep a scan time for you.",
        "Su piel puede tener una infección, o puede ser un coágulo. "
        "Un profesional clínico le llamará. Le guardamos una hora para el ultrasonido.",
        "R6: DVT suspected with local signs like cellulitis (yes or unknown). Clinician first; tier-1 slot held.",
        f"{TABLE}, R6",
    ),
    "R6.no_slot": ClauseWords(
        "A clinician will call you. No scan time is free to keep for you now, so the clinician will find one with you.",
        "Un profesional clínico le llamará. Ahora no hay hora libre para guardarle; la buscará con usted.",
        "R6: no tier-1 slot could be kept beside the callback. Find one on the call, or send to the ED.",
        f"{TABLE}, R6",
    ),
    "ROSTER.ward": ClauseWords(
        "We cannot call your ward in time. Tell your nurse now that your leg or arm must be looked at today.",
        "No podemos llamar a su sala a tiempo. Diga ya a su enfermera que deben verle hoy la pierna o el brazo.",
        "R5: an inpatient, and no rostered clinician can meet the callback time. The ward team must see to it now.",
        f"{TABLE}, R5; after the table, with the roster",
    ),
    "ROSTER.ed": ClauseWords(
        "No clinician is free to call you in time. Do not wait at home. Go to the emergency room now.",
        "No hay un profesional clínico libre para llamarle a tiempo. No espere en casa. Vaya a emergencias ahora.",
        "No rostered clinician can meet the callback time, and the case cannot wait: ED now.",
        f"{TABLE}, after the table, with the roster",
    ),
    "ROSTER.first_opening": ClauseWords(
        "A clinician will call you at the first time that one is free. If you feel worse, do not wait: call 911.",
        "Un profesional clínico le llamará en cuanto haya uno libre. Si se siente peor, no espere: llame al 911.",
        "No rostered clinician can meet the callback time; promised at the first opening on the roster.",
        f"{TABLE}, after the table, with the roster",
    ),
    "UNREACHED.ed": ClauseWords(
        "We could not reach you by phone. Do not wait for our call. Go to the emergency room now.",
        "No pudimos comunicarnos con usted por teléfono. No espere nuestra llamada. Vaya a emergencias ahora.",
        "The 10-minute callback and the supervisor's did not reach the patient: ED advice.",
        f"{TABLE}, R3",
    ),
    "OVERRIDE.raised": ClauseWords(
        "We talked with you, and you need care sooner than we first said.",
        "Hablamos con usted, y necesita atención antes de lo que dijimos al principio.",
        "Made more urgent by a person, with the reason given. The original decision stands beside it.",
        f"{TABLE}, overrides",
    ),
    "OVERRIDE.lowered": ClauseWords(
        "A clinician looked at your answers and changed what comes next.",
        "Un profesional clínico revisó sus respuestas y cambió lo que sigue.",
        "Made less urgent by a clinician, with the reason given. The original decision stands beside it.",
        f"{TABLE}, overrides",
    ),
}

WORDS: Mapping[str, ClauseWords] = {**URGENT_WORDS, **SCAN_WORDS, **UNSUSPECTED_WORDS}


def reason_of(clause: str, answers: Mapping[str, object]) -> Reason:
    """The reason of a clause that fired on these answers, by ``group.key``."""
    words = WORDS[clause]
    return Reason(
        rule=clause.partition(".")[0],
        clause=clause,
        answers=answers,
        patient_en=words.en,
        patient_es=words.es,
        clinician=words.clinician,
        source=words.source,
    )
