"""Who was paged, when, and what became of it: on the page of the step and over the API, for who may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from clinic import clock
from clinic.models import Role, Step
from notifications.services.sending import send_due
from tests.factories import make_patient, make_staff
from tests.notifications.carrier import Carrier, tells
from tests.notifications.pagers import OnCallCenter, make_on_call, until

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
MAY_SEE = {Role.CLINICIAN, Role.PHYSICIAN, Role.REPRESENTATIVE, Role.MANAGER}


@pytest.fixture
def crew(db: None) -> OnCallCenter:
    return make_on_call()


def _browser(role: str) -> Client:
    client = Client()
    client.force_login(make_staff(role))
    return client


def _page(role: str, step: Step) -> str:
    return _browser(role).get(f"/staff/steps/{step.pk}/").content.decode()


def _asked(role: str, query: str) -> Any:
    return _browser(role).get(f"/api/v1/messages/?{query}")


def test_the_page_of_a_callback_names_whom_how_and_what_became_of_it(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    until(clock.now() + timedelta(minutes=3))
    text, call = carrier.calls
    tells(carrier.texts[text.to][0].sid, "delivered", call=text)
    tells(carrier.texts[call.to][1].sid, "no-answer", call=call)
    page = _page(Role.CLINICIAN, step)
    assert "Who was paged" in page
    assert page.count(f'class="lead-cell">{crew.clinicians[0]}</th>') == 3
    assert page.count(f'class="lead-cell">{crew.clinicians[1]}</th>') == 2
    assert "Delivered" in page
    assert "Not taken" in page
    assert crew.clinicians[0].phone not in page


def test_where_nobody_could_be_paged_the_page_says_so(db: None) -> None:
    step = make_on_call(clinicians=0, supervisors=0).callback()
    assert "no one on call could be paged" in _page(Role.CLINICIAN, step)


def test_a_step_that_pages_nobody_says_nothing_of_it(crew: OnCallCenter) -> None:
    later = crew.callback(timedelta(hours=5))
    assert "Who was paged" not in _page(Role.CLINICIAN, later)
    decision = crew.patient_in_care().steps.get()
    assert "Who was paged" not in _page(Role.CLINICIAN, decision)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_only_who_owes_or_answers_for_the_call_sees_who_was_paged(crew: OnCallCenter, role: str) -> None:
    step = crew.callback()
    assert ("Who was paged" in _page(role, step)) is (role in MAY_SEE)
    answer = _asked(role, f"step={step.pk}")
    assert answer.status_code == (200 if role in MAY_SEE else 403)


def test_the_api_lists_the_pages_of_a_step_in_order(crew: OnCallCenter, carrier: Carrier) -> None:
    step = crew.callback()
    send_due()
    pages = _asked(Role.MANAGER, f"step={step.pk}").json()["results"]
    assert [(page["channel"], page["status"]) for page in pages] == [
        ("sms", "sent"),
        ("voice", "due"),
        ("sms", "due"),
        ("voice", "due"),
        ("sms", "due"),
    ]
    assert pages[0]["staff"] == {"id": crew.clinicians[0].pk, "name": str(crew.clinicians[0])}
    assert pages[0]["attempts"] == 1
    assert crew.clinicians[0].phone not in str(pages)


def test_a_patients_messages_hold_no_pages(crew: OnCallCenter) -> None:
    step = crew.callback()
    for patient in (step.episode.patient_id, make_patient().pk):
        assert _asked(Role.MANAGER, f"patient={patient}").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "field"), [("", "patient"), ("step=x", "step"), ("patient=x", "patient"), ("patient=1&step=1", "step")]
)
def test_what_is_not_asked_rightly_is_refused_by_its_field(db: None, query: str, field: str) -> None:
    refused = _asked(Role.MANAGER, query)
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
