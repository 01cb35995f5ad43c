"""The second story: at night a visitor answers on the web that she cannot breathe, and is never shown a slot."""

from clinic.story.cast import Cast
from clinic.story.voices import expect


def tell(cast: Cast) -> None:
    """Run the story. Raises `StoryFailed` at the first step that is not as it must be."""
    cast.narrator.begin("emergency", "A swollen leg, and now short of breath")
    visitor = cast.visitor()
    visitor.get("/")
    page = visitor.get("/check/")
    expect("911" in page, "911 is never more than one tap away")
    cast.narrator.step(cast.now(), "A visitor opens the page at night; the emergency questions come first")
    page = visitor.submit(answer="yes")
    expect('href="tel:911"' in page, "the screen calls 911 at one tap")
    expect("/slots/" not in page, "no slot is shown, nor a way to one")
    cast.narrator.step(cast.now(), "Short of breath: yes. The screen says to call 911 now, and shows no slots")
    page = visitor.get("/slots/")
    expect("/hold/" not in page, "going round the screen leads to no slot either")
    decision = cast.staff("representative").tell(
        "triage/assessments/", {"answers": {"emergency": {"short_of_breath": "yes"}}, "answered_by": "staff"}
    )["decision"]
    expect(decision["disposition"] == "EMERGENCY_911" and decision["rule"] == "R1", "the API says the same")
    cast.narrator.step(cast.now(), "The same answer on the telephone", decision="EMERGENCY_911, rule R1")
    cast.narrator.end(disposition="EMERGENCY_911", slots_shown=0)
