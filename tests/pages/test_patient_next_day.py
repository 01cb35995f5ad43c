"""A scan within 24 hours: what its page of times may promise."""

from django.test import Client

from scheduling.intake.overriding import override
from tests.network import Network
from tests.pages.visitors import decide, words
from triage.models import Decision
from triage.overriding import Target
from triage.urgency import Disposition


def test_times_of_the_next_day_are_not_called_todays(browser: Client, network: Network) -> None:
    decide(browser)
    assert "a result today" in words(browser.get("/slots/"))
    override(
        network.actor("clara"),
        assessment_id=Decision.objects.get().assessment_id,
        target=Target(Disposition.NEXT_DAY_DVT_SCAN, interim_anticoagulant="given"),
        reason="Spoke with the patient.",
    )
    assert "You need a scan within 24 hours" in words(browser.get("/check/next/"))
    page = words(browser.get("/slots/"))
    assert "These times give you a result soon enough" in page
    assert "a result today" not in page
