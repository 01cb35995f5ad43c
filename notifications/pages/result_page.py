"""The page of one report: its forms as they stand, or as one of them was refused."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.errors import NotFound
from clinic.models import ChartPage, Plan, Report, ReportStatus, Representative, StepKind
from clinic.pages.departure_form import DepartureForm
from clinic.pages.vein_form import as_initial, sides_of
from clinic.phones import national
from clinic.selectors.identity import check_in_force, identity_state, ruling_on
from clinic.selectors.orders import d_dimer_of
from clinic.selectors.patients import speaking_for, staying
from clinic.services.charts import read_chart
from clinic.services.departures import needs_clinician
from clinic.services.referrers import owed_ways
from notifications.pages.after_forms import (
    ContactForm,
    NoticeForm,
    OfficeForm,
    WelfareForm,
    WetReadForm,
)
from notifications.pages.documents import as_line as as_delivery
from notifications.pages.result_forms import AmendForm, CallForm, SignForm
from notifications.pages.result_presenter import as_line
from notifications.selectors import documents
from notifications.selectors import results as selector
from notifications.selectors.results import readable


def found(pk: int) -> Report:
    """The report with its people, versions and calls. Raises `NotFound`."""
    report = selector.report(pk)
    if report is None:
        raise NotFound(_("There is no such report."))
    return report


def result_response(request: HttpRequest, actor: Actor, report: Report, **bound: Form) -> HttpResponse:
    """Show a report; a form that was refused comes back as it was typed."""
    read_chart(actor, patient_id=report.episode.patient_id, page=ChartPage.RESULT, episode_id=report.episode_id)
    texts = selector.texts_about([report])[report.pk]
    live = set(report.live)  # type: ignore[attr-defined]
    referrer = selector.referrer_of(report)
    signed = report.status != ReportStatus.PRELIMINARY
    context = {
        "line": as_line(report, texts, actor, clock.now()),
        "forms": _forms(report) | _sign_form(report, actor) | bound,
        "actor": actor,
        "speakers": [each for each in speakers_of(report) if ruling_on(each).may_hear] if readable(report) else [],
        **_on_the_phone(actor, report),
        "wet_reads": list(report.wet_reads.all()),
        "alerts": list(report.alerts.select_related("staff")),
        "to_acknowledge": StepKind.ACKNOWLEDGE in live,
        "to_decide": StepKind.WELFARE_CHECK in live,
        "ask_contact": StepKind.EMERGENCY_CONTACT in live,
        "departure": getattr(report, "departure", None),
        "clinician_releases": needs_clinician(report),
        "referrer": referrer,
        "referrer_owed": owed_ways(report) if signed and referrer else [],
        "deliveries": [as_delivery(row) for row in documents.of_report(report)] if referrer else [],
        "notices": list(report.referrer_notices.select_related("by").order_by("-id")) if referrer else [],
    }
    return render(request, "notifications/staff/result.html", context, status=422 if bound else 200)


def _on_the_phone(actor: Actor, report: Report) -> dict[str, Any]:
    """For who may tell: whether the phone is closed, and by which check they know the patient, if they made one."""
    if actor.staff_id is None or not allowed(actor, Permission.TELL_RESULTS):
        return {}
    patient = staying(report.episode.patient)
    return {"known": check_in_force(patient, by=actor.staff_id), "identity": identity_state(patient)}


def _sign_form(report: Report, actor: Actor) -> dict[str, Any]:
    """The form of a signature, for who may give one."""
    if not allowed(actor, Permission.SIGN_REPORTS):
        return {}
    signs = SignForm if report.status == ReportStatus.PRELIMINARY else AmendForm
    return {"sign": signs(initial=sign_initial(report), sides=sides_of(report.side))}


def speakers_of(report: Report) -> QuerySet[Representative]:
    """Who speaks for the patient of a report."""
    return speaking_for(staying(report.episode.patient))


def sign_initial(report: Report) -> dict[str, Any]:
    """What the signature begins with: the last version and, once it is signed, what its plan was made by.

    So an amendment drops nothing that nobody meant to drop.
    """
    last = list(report.versions.all())[-1]
    first = {
        "side": report.side,
        "category": report.category,
        "clot_length_cm": last.clot_length_cm,
        "junction_distance_cm": last.junction_distance_cm,
    } | as_initial(last.veins)
    if report.status == ReportStatus.PRELIMINARY:
        return first | {"d_dimer": d_dimer_of(report.episode)}
    plan = report.plans.order_by("-id").first()
    return first | {"findings": last.findings} | (_said(plan) if plan is not None else {})


def _said(plan: Plan) -> dict[str, Any]:
    """What was said of the risk when a plan was made."""
    persists = {True: "yes", False: "no", None: ""}[plan.suspicion_persists]
    return {
        "d_dimer": plan.d_dimer,
        "suspicion_persists": persists,
        "treated": plan.treated,
        "equivocal": plan.equivocal,
    }


def _forms(report: Report) -> dict[str, Any]:
    """Every form with what is known already."""
    patient, referrer = report.episode.patient, selector.referrer_of(report)
    office = {
        field: getattr(referrer, field)
        for field in ("name", "phone", "practice", "npi", "fax", "direct_address")
        if referrer
    }
    contact = {"name": patient.emergency_contact_name, "phone": patient.emergency_contact_phone}
    return {
        "call": CallForm(speakers=speakers_of(report)),
        "wet_read": WetReadForm(auto_id="wet_read_%s"),
        "departure": DepartureForm(
            auto_id="departure_%s", initial={"callback_phone": national(patient.phone) if patient.phone else ""}
        ),
        "welfare": WelfareForm(auto_id="welfare_%s"),
        "office": OfficeForm(auto_id="office_%s", initial=office),
        "notice": NoticeForm(auto_id="notice_%s"),
        "contact": ContactForm(auto_id="contact_%s", initial=contact),
    }
