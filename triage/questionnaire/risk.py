"""What changes the risk: the Wells items that anyone can answer, and the context."""

from triage.questionnaire.item import LEG, Choice, Condition, Item, Kind, Section, tri

_MAY_BE_PREGNANT = (Condition("patient.sex", ("F", "X", "unknown")),)

RISK = Section(
    "risk",
    ("Your health now", "Su salud ahora"),
    (
        tri(
            "context.pregnant",
            "Are you pregnant, or could you be?",
            "¿Está embarazada o podría estarlo?",
            when=_MAY_BE_PREGNANT,
            when_skipped="no",
        ),
        tri(
            "context.postpartum_6wk",
            "Did you give birth or did a pregnancy end in the last 6 weeks?",
            "¿Dio a luz o terminó un embarazo en las últimas 6 semanas?",
            when=_MAY_BE_PREGNANT,
            when_skipped="no",
        ),
        tri("context.inpatient", "Are you in a hospital bed now?", "¿Está ingresado en un hospital ahora?"),
        Item(
            "context.anticoagulant",
            Kind.CHOICE,
            ("Do you take a blood thinner now?", "¿Toma un anticoagulante ahora?"),
            help=(
                "Full dose: Eliquis, Xarelto, Pradaxa, warfarin, or shots twice a day. Aspirin is not one.",
                "Dosis completa: Eliquis, Xarelto, Pradaxa, warfarina o inyecciones dos veces al día. "
                "La aspirina no cuenta.",
            ),
            choices=(
                Choice("none", ("No", "No")),
                Choice("prophylactic", ("Yes, a low dose to prevent clots", "Sí, una dosis baja para prevenir")),
                Choice("therapeutic", ("Yes, a full dose to treat a problem", "Sí, una dosis completa")),
                Choice("unknown", ("I am not sure", "No lo sé")),
            ),
        ),
        tri(
            "wells.prior_dvt_documented",
            "Did a doctor ever find a blood clot in your leg or arm?",
            "¿Alguna vez un médico le halló un coágulo en la pierna o el brazo?",
        ),
        tri(
            "context.prior_pe",
            "Did a doctor ever find a blood clot in your lung?",
            "¿Alguna vez un médico le halló un coágulo en el pulmón?",
        ),
        tri(
            "wells.active_cancer",
            "Do you have cancer now, or were you treated for it in the last 6 months?",
            "¿Tiene cáncer ahora o recibió tratamiento en los últimos 6 meses?",
        ),
        tri(
            "wells.bedridden_3d_or_surgery_12w",
            "In the last 12 weeks, did you have an operation, or stay in bed for 3 days or more?",
            "En las últimas 12 semanas, ¿tuvo una operación o estuvo en cama 3 días o más?",
            help=(
                "Count an operation if you were put to sleep, or numbed from the waist down.",
                "Cuente la operación si le durmieron o le durmieron de la cintura para abajo.",
            ),
        ),
        tri(
            "wells.paralysis_or_cast",
            "Is the leg weak from a stroke or nerve damage, or was it in a cast not long ago?",
            "¿La pierna está débil por un derrame o daño de nervios, o tuvo un yeso hace poco?",
        ),
        tri(
            "wells.entire_leg_swollen",
            "Is the whole leg swollen, from the thigh to the foot?",
            "¿Está hinchada toda la pierna, desde el muslo hasta el pie?",
            when=(LEG, Condition("symptoms.swelling", ("yes", "unknown"))),
            when_skipped="no",
        ),
    ),
)
