"""The results desk: signed, told, sent, each by those who may; no text before the voice that must come first."""

import pytest

from clinic import clock
from clinic.models import Report, Role
from notifications.models import Message
from tests.kernel import make_wet_read
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db

FINAL = {"category": "no_dvt_complete", "side": "left", "findings": "Compressible.", "d_dimer": "unknown"}


def _sign(ward: Ward, report: Report, **changes: str) -> Report:
    answer = ward.browser(Role.PHYSICIAN).post(f"/staff/results/{report.pk}/sign/", FINAL | changes)
    assert answer.status_code == 302, answer.content.decode()
    report.refresh_from_db()
    return report


def test_a_negative_result_is_signed_and_sent(ward: Ward) -> None:
    report = _sign(ward, ward.read())
    assert report.signed_by == ward.people[Role.PHYSICIAN]
    ward.browser(Role.REPRESENTATIVE).post(f"/staff/results/{report.pk}/send/")
    # What follows only where it is not opened is due later.
    now = Message.objects.filter(about_kind="report", due_at__lte=clock.now())
    assert now.get().purpose == "result_ready"
    page = ward.browser(Role.REPRESENTATIVE).get(f"/staff/results/{report.pk}/").content.decode()
    assert "Your result is ready" in page
    assert "Sent already." in page


def test_a_positive_result_is_not_offered_as_a_text_and_refused_if_asked(ward: Ward) -> None:
    report = _sign(ward, ward.read("positive"), category="acute_proximal_dvt")
    clara = ward.browser(Role.CLINICIAN)
    page = clara.get(f"/staff/results/{report.pk}/").content.decode()
    assert f"/staff/results/{report.pk}/send/" not in page
    assert "a clinician tells this result by voice first" in page
    refused = clara.post(f"/staff/results/{report.pk}/send/", {"next": f"/staff/results/{report.pk}/"}, follow=True)
    assert "told by a clinician&#x27;s voice first" in refused.content.decode()
    assert not Message.objects.filter(purpose="result_ready").exists()


def test_a_call_counts_once_it_was_read_back(ward: Ward) -> None:
    report = ward.read("positive")
    make_wet_read(report)
    call = {"audience": "patient", "outcome": "reached", "told_to": "Ana Ruiz", "in_person": "on"}
    clara = ward.browser(Role.CLINICIAN)
    told = Report.objects.filter(pk=report.pk, patient_told_at__isnull=False)
    clara.post(f"/staff/results/{report.pk}/call/", call)
    assert not told.exists()
    clara.post(f"/staff/results/{report.pk}/call/", call | {"read_back": "on"})
    assert told.exists()
    assert report.calls.count() == 2


def test_a_call_without_a_hearer_is_refused_beside_the_field_and_keeps_the_rest(ward: Ward) -> None:
    report = ward.read("positive")
    call = {"audience": "referrer", "outcome": "reached", "read_back": "on"}
    answer = ward.browser(Role.CLINICIAN).post(f"/staff/results/{report.pk}/call/", call)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say who was told." in page
    assert '<option value="referrer" selected>' in page
    assert report.calls.count() == 0


def test_who_need_not_know_the_finding_does_not_read_it(ward: Ward) -> None:
    report = ward.read("positive")
    for url in ("/staff/results/", f"/staff/results/{report.pk}/"):
        assert "Positive" in ward.browser(Role.CLINICIAN).get(url).content.decode()
        assert "Positive" not in ward.browser(Role.REPRESENTATIVE).get(url).content.decode()


def test_an_amendment_needs_its_reason(ward: Ward) -> None:
    report = _sign(ward, ward.read())
    changed = FINAL | {"category": "isolated_distal_dvt"}
    refused = ward.browser(Role.PHYSICIAN).post(f"/staff/results/{report.pk}/sign/", changed)
    assert refused.status_code == 422
    _sign(ward, report, category="isolated_distal_dvt", reason="Second look.")
    assert (report.status, report.versions.count()) == ("amended", 3)


def test_the_oldest_scan_stands_on_top_and_what_was_told_leaves_the_list(ward: Ward) -> None:
    first, second = ward.read(hour=13), ward.read(hour=15)
    page = ward.browser(Role.PHYSICIAN).get("/staff/results/")
    assert [line.report.pk for line in page.context["waiting"]] == [first.pk, second.pk]
    _sign(ward, first)
    ward.browser(Role.CLINICIAN).post(f"/staff/results/{first.pk}/send/")
    page = ward.browser(Role.PHYSICIAN).get("/staff/results/")
    assert [line.report.pk for line in page.context["waiting"]] == [second.pk]
    assert [line.report.pk for line in page.context["told"]] == [first.pk]
