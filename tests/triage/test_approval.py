"""A rule set serves patients under a physician's signature, or under a banner that says that it has none."""

import pytest
from django.db import DatabaseError
from django.test import Client

from clinic.errors import Conflict, Forbidden, Invalid
from clinic.models import Role
from tests.factories import actor_of, make_staff
from triage.checks import check_approval
from triage.models import RuleApproval, Verdict
from triage.rules import RULES_VERSION, fingerprint
from triage.selectors import approval_in_force
from triage.services.approving import sign

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def signed(
    role: str = Role.PHYSICIAN,
    verdict: Verdict = Verdict.APPROVED,
    version: str = RULES_VERSION,
    text: str | None = None,
    statement: str = "I have read these rules and approve them.",
) -> RuleApproval:
    return sign(
        actor_of(role),
        verdict=verdict,
        version=version,
        text_fingerprint=fingerprint() if text is None else text,
        statement=statement,
    )


def test_a_physicians_signature_is_in_force_until_it_is_withdrawn() -> None:
    assert approval_in_force() is None
    approval = signed()
    assert approval_in_force() == approval
    signed(verdict=Verdict.WITHDRAWN, statement="A case made me doubt.")
    assert approval_in_force() is None
    again = signed()
    assert approval_in_force() == again


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.PHYSICIAN])
def test_nobody_else_signs(role: str) -> None:
    with pytest.raises(Forbidden):
        signed(role)
    assert not RuleApproval.objects.exists()


def test_only_the_very_rules_that_run_here_can_be_signed() -> None:
    for version, text in (("1999.1", None), (RULES_VERSION, "0" * 64)):
        with pytest.raises(Conflict) as refused:
            signed(version=version, text=text)
        assert refused.value.code == "other_rules"


def test_a_signature_says_what_is_signed() -> None:
    with pytest.raises(Invalid) as refused:
        signed(statement="  ")
    assert list(refused.value.fields) == ["statement"]


def test_there_is_nothing_to_withdraw_before_an_approval() -> None:
    with pytest.raises(Conflict):
        signed(verdict=Verdict.WITHDRAWN)


def test_an_approval_of_other_rules_does_not_count() -> None:
    staff = make_staff(Role.PHYSICIAN)
    approval = signed()
    RuleApproval.objects.create(
        version="1999.1",
        fingerprint="0" * 64,
        verdict="withdrawn",
        statement="x",
        by=staff,
        signer_role="physician",
        at=approval.at,
    )
    assert approval_in_force() == approval


def test_the_database_keeps_signatures_as_they_are() -> None:
    approval = signed()
    with pytest.raises(DatabaseError):
        RuleApproval.objects.filter(pk=approval.pk).update(statement="Something else.")


def test_a_deployment_hears_of_rules_without_approval() -> None:
    assert [message.id for message in check_approval()] == ["triage.W001"]
    signed()
    assert check_approval() == []


def test_every_page_says_that_the_rules_are_not_approved_until_they_are() -> None:
    client = Client()
    said = "not clinically approved"
    assert said in client.get("/").content.decode()
    client.force_login(make_staff(Role.CLINICIAN))
    assert said in client.get("/staff/").content.decode()
    signed()
    assert said not in client.get("/").content.decode()
    assert said not in client.get("/staff/").content.decode()


def test_a_physician_signs_on_the_page_and_the_page_shows_the_signature() -> None:
    client = Client()
    client.force_login(make_staff(Role.PHYSICIAN))
    page = client.get("/staff/rules/").content.decode()
    assert fingerprint() in page
    given = {"version": RULES_VERSION, "fingerprint": fingerprint(), "statement": "Read and approved."}
    assert client.post("/staff/rules/approve/", {**given, "statement": ""}).status_code == 422
    assert client.post("/staff/rules/approve/", given).status_code == 302
    assert "Read and approved." in client.get("/staff/rules/").content.decode()


def test_a_program_reads_which_rules_decide_and_who_has_approved_them() -> None:
    client = Client()
    client.force_login(make_staff(Role.CLINICIAN))
    found = client.get("/api/v1/triage/rules/").json()
    assert (found["version"], found["fingerprint"], found["approved"]) == (RULES_VERSION, fingerprint(), False)
