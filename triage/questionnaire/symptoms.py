"""The signs in the leg or arm."""

from triage.questionnaire.item import LEG, Condition, Section, tri

SYMPTOMS = Section(
    "symptoms",
    ("What you see and feel", "Lo que ve y siente"),
    (
        tri(
            "symptoms.swelling",
            "Is the leg or arm swollen, or bigger than the other one?",
            "¿La pierna o el brazo está hinchado o más grande que el otro?",
            help=("Look for a deep sock mark or a tight shoe.", "Vea si la media deja marca o si aprieta el zapato."),
        ),
        tri(
            "symptoms.pain_persistent",
            "Has it been sore or painful for more than 24 hours without going away?",
            "¿Le ha dolido por más de 24 horas sin que se le quite?",
            help=("A cramp that comes and goes is not this.", "Un calambre que va y viene no cuenta."),
        ),
        tri(
            "symptoms.warmth",
            "Does the skin there feel warmer than on the other side?",
            "¿Siente la piel más caliente ahí que en el otro lado?",
        ),
        tri(
            "symptoms.redness",
            "Is the skin there red, or darker than usual?",
            "¿La piel ahí está roja o más oscura que de costumbre?",
            help=(
                "If you cannot tell, say that you are not sure.",
                "Si no puede ver la diferencia, responda que no sabe.",
            ),
        ),
        tri(
            "symptoms.new_visible_veins",
            "Do you see new veins under the skin that you did not have before?",
            "¿Ve venas nuevas bajo la piel que antes no tenía?",
        ),
        tri("symptoms.heaviness", "Does it feel heavy?", "¿La siente pesada?"),
        tri(
            "symptoms.difficulty_walking",
            "Is it hard to walk because of this leg?",
            "¿Le cuesta caminar por esta pierna?",
            when=(LEG,),
            when_skipped="no",
        ),
        tri(
            "symptoms.cramps",
            "Do you get cramps, when a muscle goes tight and hurts?",
            "¿Le dan calambres, cuando un músculo se pone duro y duele?",
        ),
        tri(
            "symptoms.asymmetric",
            "Is one leg clearly worse than the other?",
            "¿Una pierna está claramente peor que la otra?",
            when=(Condition("limb", ("both_legs", "alternating")),),
        ),
        tri(
            "symptoms.cellulitis_like_local",
            "Is there one hot, red patch of skin that hurts to touch, but no fever?",
            "¿Hay una zona de piel roja y caliente que duele al tocarla, pero sin fiebre?",
        ),
        tri(
            "symptoms.rest_pain_or_open_wound",
            "Does your foot hurt while you lie still, or do you have a sore that does not heal?",
            "¿Le duele el pie aunque esté en reposo, o tiene una llaga que no sana?",
        ),
    ),
)
