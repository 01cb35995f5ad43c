"""Older complaints, conditions and habits: reasons for a consultation."""

from triage.questionnaire.item import Section, tri

HISTORY = Section(
    "history",
    ("Your health before this", "Su salud antes de esto"),
    (
        tri(
            "history.cramps_frequent_or_sleep_loss",
            "Do cramps come often, or wake you up at night?",
            "¿Los calambres son frecuentes o le despiertan de noche?",
        ),
        tri(
            "history.cramps_despite_self_care",
            "Do cramps go on even though you stretch and drink water?",
            "¿Siguen los calambres aunque estira y toma agua?",
        ),
        tri(
            "history.skin_change_chronic",
            "Has the skin of your lower legs been brown, thick or itchy for a long time?",
            "¿La piel de la parte baja de las piernas está oscura, gruesa o le pica desde hace tiempo?",
        ),
        tri(
            "history.varicose_veins_established",
            "Do you have varicose veins, the thick twisted kind?",
            "¿Tiene várices, venas gruesas y torcidas?",
        ),
        tri(
            "history.gradual_numbness",
            "Have your legs or feet slowly become numb or tingly?",
            "¿Ha perdido poco a poco la sensación en las piernas o los pies, o siente hormigueo?",
        ),
        tri(
            "history.exertional_cramp_relieved_by_rest",
            "Do you get cramps when you walk that stop when you rest?",
            "¿Le dan calambres al caminar que se quitan al descansar?",
        ),
        tri(
            "history.hx_pad",
            "Were you told that you have blocked leg arteries?",
            "¿Le han dicho que tiene arterias tapadas?",
        ),
        tri(
            "history.hx_cvi", "Were you told that your leg veins are weak?", "¿Le han dicho que sus venas son débiles?"
        ),
        tri(
            "history.hx_vte",
            "Did you or a close relative ever have a blood clot?",
            "¿Usted o un familiar cercano tuvo un coágulo?",
        ),
        tri(
            "history.hx_cardiovascular",
            "Do you have heart disease, or did you have a stroke?",
            "¿Tiene una enfermedad del corazón o tuvo un derrame?",
        ),
        tri("history.diabetes", "Do you have diabetes?", "¿Tiene diabetes?"),
        tri("history.hypertension", "Do you have high blood pressure?", "¿Tiene la presión alta?"),
        tri(
            "history.obesity",
            "Did a doctor say that your weight is a health risk?",
            "¿Un médico le dijo que su peso es un riesgo?",
        ),
        tri("history.smoking", "Do you smoke or vape?", "¿Fuma o usa vapeador?"),
        tri("history.sedentary", "Do you sit for most of the day?", "¿Pasa la mayor parte del día sentado?"),
        tri(
            "history.vascular_concern",
            "Are you worried about your veins or blood flow?",
            "¿Le preocupan sus venas o su circulación?",
        ),
        tri(
            "history.neuro_condition",
            "Do you have a nerve or muscle disease?",
            "¿Tiene una enfermedad de los nervios o los músculos?",
        ),
        tri(
            "history.chronic_symmetric_swelling",
            "Have both ankles been swollen the same way for months?",
            "¿Tiene los dos tobillos hinchados por igual desde hace meses?",
        ),
    ),
)
