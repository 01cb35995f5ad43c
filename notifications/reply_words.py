"""The words that replies are understood by, in English and Spanish: capitals without accents. Pure."""

import unicodedata


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Words that opt out when they stand alone; the provider acts on most of them itself, REVOKE and OPTOUT count in law.
STOP = {
    *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"),
    *("ALTO", "PARAR", "PARE", "PAREN", "DETENER", "BASTA", "BAJA"),
}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO", "AYUDA"}
#: Those that the provider acts on and answers itself (Twilio's default opt-out handling).
PROVIDERS_OWN = _words("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT START YES UNSTOP HELP INFO")
#: Of what somebody wants to be taken: not of the schedule.
ENGLISH_LISTS = (
    "YOUR LIST",
    "THE LIST",
    "THIS LIST",
    "YOUR TEXT",
    "THE TEXT",
    "THESE TEXT",
    "YOUR SYSTEM",
    "YOUR CONTACT",
)
SPANISH_LISTS = ("SU LISTA", "LA LISTA", "ESTA LISTA", "SUS MENSAJE", "SUS CONTACTO", "SU SISTEMA")
#: Free text that plainly revokes (47 CFR 64.1200(a)(10)); whoever has this number now is not our patient, either. Forms
#: of asking, not of telling: "no me envien" and not "no me enviaron", "dejenme en paz" and not "dejenme saber".
REVOKES: tuple[str, ...] = (
    "NO MAS MENSAJE",
    "NO MAS TEXTO",
    "LEAVE ME ALONE",
    "STOP TEXTING",
    "STOP MESSAGING",
    "STOP SENDING",
    "STOP CONTACTING",
    "STOP BOTHERING",
    "QUIT TEXTING",
    "QUIT MESSAGING",
    "DO NOT SEND ME TEXT",
    "DO NOT SEND ME MESSAGE",
    "DO NOT SEND ME ANY MORE",
    "DONT SEND ME TEXT",
    "DONT SEND ME MESSAGE",
    "DONT SEND ME ANY MORE",
    "DO NOT WANT THESE TEXT",
    "DO NOT WANT THESE MESSAGE",
    "DONT WANT THESE TEXT",
    "DONT WANT THESE MESSAGE",
    "DONT WANT ANY MORE TEXT",
    "DONT WANT ANY MORE MESSAGE",
    "NO LONGER WISH TO RECEIVE",
    "NO LONGER WANT TO RECEIVE",
    "DO NOT TEXT",
    "DONT TEXT",
    "DO NOT MESSAGE",
    "DONT MESSAGE",
    "DO NOT CONTACT",
    "DONT CONTACT",
    "NO MORE TEXT",
    "NO MORE MESSAGE",
    *(f"{head} {tail}" for head in ("REMOVE ME FROM", "TAKE ME OFF") for tail in ENGLISH_LISTS),
    "REMOVE MY NUMBER",
    "UNSUBSCRIBE",
    "OPT ME OUT",
    "WRONG NUMBER",
    "WRONG PERSON",
    "NO ME ESCRIBA",
    "NO ME MANDE",
    "NO ME ENVIE",
    "NO ME TEXTEE",
    "NO ME MOLESTE",
    "NO ME CONTACTE",
    "NO QUIERO MENSAJE",
    "NO QUIERO TEXTO",
    "NO QUIERO MAS MENSAJE",
    "NO QUIERO MAS TEXTO",
    "NO QUIERO RECIBIR MENSAJE",
    "NO QUIERO RECIBIR TEXTO",
    "NO QUIERO RECIBIR MAS",
    "DARME DE BAJA",
    "DEME DE BAJA",
    "DENME DE BAJA",
    "DESUSCRIB",
    "DEJEN DE ",
    "DEJE DE MANDAR",
    "DEJE DE ENVIAR",
    "DEJE DE ESCRIBIR",
    "DEJENME EN PAZ",
    "DEJENME TRANQUIL",
    "DEJEME EN PAZ",
    "DEJEME TRANQUIL",
    "BORRE MI NUMERO",
    "BORREN MI NUMERO",
    *(f"{head} {tail}" for head in ("QUITEME DE", "QUITENME DE") for tail in SPANISH_LISTS),
    "NUMERO EQUIVOCADO",
    "PERSONA EQUIVOCADA",
)
#: Of "please stop" and its like: nothing but these beside words that add nothing.
STOPS = {"STOP", "ALL", "ME", "NOW", "TEXTS", "TEXT", "MESSAGES", "THESE", "THIS"}
#: These revoke where nothing else is said, but for words that add nothing: "no mas" in a sentence means "only" as well.
ALONE = (frozenset({"NO", "MAS"}), frozenset({"YA", "NO", "MAS"}), frozenset({"REMOVE", "ME"}))
#: How the words of an emergency begin, each at the beginning of a word: answered at once, whatever else the text says.
EMERGENCIES: dict[str, tuple[str, ...]] = {
    "es": (
        "NO PUEDO RESPIRAR",
        "NO PUEDE RESPIRAR",
        "NO RESPIRA",
        "NO PODIA RESPIRAR",
        "APENAS PUEDO RESPIRAR",
        "CUESTA RESPIRAR",
        "CUESTA MUCHO RESPIRAR",
        "CUESTA TRABAJO RESPIRAR",
        "DIFICULTAD PARA RESPIRAR",
        "DIFICULTAD AL RESPIRAR",
        "DIFICULTAD RESPIRATORIA",
        "RESPIRO MAL",
        "FALTA EL AIRE",
        "FALTA AIRE",
        "FALTA LA RESPIRACION",
        "FALTA DE AIRE",
        "SIN AIRE",
        "ME AHOGO",
        "SE AHOGA",
        "DOLOR DE PECHO",
        "DOLOR EN EL PECHO",
        "DOLOR DEL PECHO",
        "DOLOR EN PECHO",
        "DOLOR EN MI PECHO",
        "DOLOR FUERTE EN EL PECHO",
        "DUELE EL PECHO",
        "DUELE MI PECHO",
        "DUELE MUCHO EL PECHO",
        "PRESION EN EL PECHO",
        "OPRESION EN EL PECHO",
        "TOS CON SANGRE",
        "TOSI SANGRE",
        "TOSIO SANGRE",
        "TOSO SANGRE",
        "TOSE SANGRE",
        "TOSIENDO SANGRE",
        "TOSIENDO CON SANGRE",
        "ESCUPO SANGRE",
        "ESCUPIENDO SANGRE",
        "DESMAY",
        "PERDI EL CONOCIMIENTO",
        "PERDIO EL CONOCIMIENTO",
        "SANGRO MUCHO",
        "SANGRA MUCHO",
        "SANGRANDO MUCHO",
        "MUCHA SANGRE",
        "DERRAME CEREBRAL",
        "INFARTO",
        "ATAQUE AL CORAZON",
        "INCONSCIENTE",
        "PIERNA AZUL",
        "PIERNA FRIA",
        "PIE AZUL",
        "NO SIENTO LA PIERNA",
        "NO SIENTO EL PIE",
        "NO SIENTO EL BRAZO",
    ),
    "en": (
        "CANT BREATH",
        "CANNOT BREATH",
        "CAN NOT BREATH",
        "COULDNT BREATH",
        "UNABLE TO BREATH",
        "HARDLY BREATH",
        "BARELY BREATH",
        "NOT BREATHING",
        "STOPPED BREATHING",
        "CATCH MY BREATH",
        "CATCH HIS BREATH",
        "CATCH HER BREATH",
        "GASPING",
        "SHORT OF BREATH",
        "SHORTNESS OF BREATH",
        "OUT OF BREATH",
        "HARD TO BREATH",
        "HARD TIME BREATH",
        "TROUBLE BREATH",
        "DIFFICULTY BREATH",
        "DIFFICULT TO BREATH",
        "PROBLEMS BREATH",
        "STRUGGLING TO BREATH",
        "CHEST PAIN",
        "CHEST HURT",
        "CHEST TIGHT",
        "CHEST PRESSURE",
        "CHEST IS TIGHT",
        "CHEST FEELS TIGHT",
        "PAIN IN CHEST",
        "PAIN IN MY CHEST",
        "PAIN IN HIS CHEST",
        "PAIN IN HER CHEST",
        "PAIN IN THE CHEST",
        "PRESSURE IN MY CHEST",
        "TIGHTNESS IN MY CHEST",
        "COUGHING BLOOD",
        "COUGHING UP BLOOD",
        "COUGHED UP BLOOD",
        "COUGHED BLOOD",
        "COUGH BLOOD",
        "COUGH UP BLOOD",
        "SPITTING BLOOD",
        "SPITTING UP BLOOD",
        "PASSED OUT",
        "PASSING OUT",
        "PASS OUT",
        "BLACKED OUT",
        "FAINT",
        "COLLAPSED",
        "LOST CONSCIOUSNESS",
        "UNCONSCIOUS",
        "UNRESPONSIVE",
        "BLEEDING A LOT",
        "BLEEDING HEAVILY",
        "BLEEDING BADLY",
        "WONT STOP BLEEDING",
        "CANT STOP BLEEDING",
        "STROKE",
        "HEART ATTACK",
        "FACE IS DROOP",
        "FACE DROOP",
        "TURNED BLUE",
        "TURNING BLUE",
        "LEG IS BLUE",
        "LEG IS COLD",
        "FOOT IS BLUE",
        "FOOT IS COLD",
        "CANT FEEL MY",
        "CANNOT FEEL MY",
    ),
}
#: Each letter that we offer, with the words that say the same.
LETTERS: dict[str, frozenset[str]] = {
    "C": frozenset({"C", "CONFIRM", "CONFIRMED", "CONFIRMING", "CONFIRMO", "CONFIRMAR", "CONFIRMADO", "CONFIRMADA"}),
    "R": frozenset(
        {"R", "MOVE", "RESCHEDULE", "MOVER", "CAMBIAR", "REPROGRAMAR", "REAGENDAR", "CHANGE", "CAMBIO", "RESCHEDULING"}
    ),
    "X": frozenset({"X", "CANCEL", "CANCELLED", "CANCELED", "CANCELAR", "CANCELO", "CANCELE", "CANCELADA"}),
}
#: Words beside an answer that change nothing of it. No "not", "can" or "if" is among them: those make it a question.
FILLERS = _words(
    "PLEASE PLS PLZ THANKS THANK YOU THX TY OK OKAY SURE YES YEAH YEP HI HELLO HEY SIR MAAM DOCTOR DR I ID LIKE "
    "WANT NEED TO IT MY THE APPOINTMENT APPT VISIT TIME WILL POR FAVOR PORFAVOR PORFA GRACIAS MUCHAS SI HOLA "
    "BUENOS BUENAS DIAS TARDES NOCHES QUIERO NECESITO DESEO LA EL LO MI CITA HORA SENORA SENOR"
)
#: Words before a number that say only that one follows.
ORDINALS = _words("OPTION OPCION NUMBER NUMERO NUM NRO CHOICE")
NUMBERS = {
    **{str(number): number for number in range(1, 10)},
    "ONE": 1,
    "TWO": 2,
    "FIRST": 1,
    "SECOND": 2,
    "UNO": 1,
    "UNA": 1,
    "DOS": 2,
    "PRIMERO": 1,
    "PRIMERA": 1,
    "SEGUNDO": 2,
    "SEGUNDA": 2,
}
#: Words that no English text has.
SPANISH = _words(
    "HOLA GRACIAS FAVOR CITA QUIERO NECESITO AYUDA PUEDO PUEDE ESTOY TENGO DUELE DOLOR PIERNA QUIEN BUENOS BUENAS "
    "DIAS TARDES NOCHES DONDE CUANDO COMO PARA CON UNA MAS ALTO PARAR NUMERO SANGRE USTED SENORA SENOR LLAMO LLAME "
    "LLAMEN LLAMAR CAMBIAR CANCELAR CONFIRMAR CONFIRMO HABLAR ESPANOL MENSAJE MENSAJES EQUIVOCADO ESCRIBA "
    "ESCRIBAN"
)


def plain(body: str) -> str:
    """Capitals without accents, single spaces, a straight apostrophe."""
    text = unicodedata.normalize("NFD", body.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join("".join(mark for mark in text if not unicodedata.combining(mark)).upper().split())
