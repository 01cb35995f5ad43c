"""From a kept time to a booked visit."""

import contextlib
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.db import in_transaction
from clinic.errors import Conflict, DomainError, Gone, Invalid, NotFound
from clinic.models import ConsentChannel, Language, LinkPurpose, Patient
from clinic.services import links
from clinic.services.access_needs import add_access
from clinic.services.consent import WORDING
from clinic.services.patients import register
from scheduling.errors import PatientBusy
from scheduling.models import Appointment, AppointmentStatus
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import begin_anew, language_of, patient_page
from scheduling.pages.patient.forms import DetailsForm
from scheduling.pages.patient.refusals import put_on
from scheduling.pages.patient.visit import LINK_LIFE
from scheduling.pages.patient.wishes import Wish, wish
from scheduling.selectors.fitting import needs_of_patient
from scheduling.services.booking import book
from scheduling.services.holding import release_hold


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """Show the kept time to be checked, and book it on POST."""
    wanted = wish(request)
    hold = _hold(request)
    if hold is not None and hold.booked_at is not None:
        request.session[visitor.VISIT] = hold.pk
        return redirect("patient-visit")
    if wanted is None:
        return begin_anew(request, "patient-landing")
    if hold is None or not _stands(hold) or hold.visit_type_id != wanted.visit_type.pk:
        return _lost(request, hold)
    form = details_form(request, wanted)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _book(request, wanted, hold, form)
        except PatientBusy:
            messages.error(request, _("There is another visit at that time already. Please choose another time."))
            return redirect("patient-slots")
        except Invalid as refused:
            if form is None:
                raise
            put_on(form, refused)
        except (Gone, NotFound):
            return _lost(request)
        except Conflict as refused:
            return _refused(request, refused)
    page = {"hold": hold, "form": form, "wish": wanted}
    return render(request, "scheduling/patient/kept.html", page, status=400 if form and form.is_bound else 200)


def _book(request: HttpRequest, wanted: Wish, hold: Appointment, form: DetailsForm | None) -> HttpResponse:
    who = visitor.actor(request)
    patient = wanted.patient or registered(request, wanted, form)
    visit = book(
        who,
        patient=patient,
        hold_id=hold.pk,
        episode=wanted.episode,
        willing_to_move=request.POST.get("willing_to_move") == "yes",
    )
    links.issue(purpose=LinkPurpose.VISIT, subject_id=visit.pk, patient=patient, expires_at=visit.ends_at + LINK_LIFE)
    request.session.pop(visitor.HOLD, None)
    request.session.pop(visitor.CONSULT_ZIP, None)
    request.session.pop(visitor.NEEDS, None)
    request.session[visitor.VISIT] = visit.pk
    return redirect("patient-visit")


def registered(request: HttpRequest, wanted: Wish, form: DetailsForm | None) -> Patient:
    """Register whom the details name, with what they need to be seen: the next search leaves out what does not fit."""
    if form is None:
        raise NotFound
    given, access = form.cleaned_data, form.access()
    patient = register(
        visitor.actor(request),
        given_name=given["given_name"],
        family_name=given["family_name"],
        phone=given["phone"],
        zip=wanted.zip,
        birth_date=given["birth_date"],
        language=language_of(request),
        consent_to_texts=given["consent_to_texts"] == "yes",
        consent_channel=ConsentChannel.WEB,
    )
    if not access.says_nothing:
        in_transaction(partial(add_access, visitor.actor(request), patient=patient, access=access))
        request.session[visitor.NEEDS] = needs_of_patient(patient.pk).codes
    return patient


def details_form(request: HttpRequest, wanted: Wish) -> DetailsForm | None:
    """Return the form for who it is, where we do not know yet."""
    if wanted.patient is not None:
        return None
    return DetailsForm(
        request.POST if request.method == "POST" else None, wording=WORDING[Language(language_of(request))]
    )


def _hold(request: HttpRequest) -> Appointment | None:
    pk = request.session.get(visitor.HOLD)
    if not pk:
        return None
    mine = Appointment.objects.filter(pk=pk, holder=visitor.actor(request).key)
    return mine.select_related("center", "visit_type").first()


def _stands(hold: Appointment) -> bool:
    until = hold.hold_expires_at
    return hold.status == AppointmentStatus.HELD and until is not None and until > clock.now()


def _lost(request: HttpRequest, hold: Appointment | None = None) -> HttpResponse:
    """Choose again. What another tab keeps for another reason is given back: a consultation is not booked in a scan's
    place."""
    request.session.pop(visitor.HOLD, None)
    if hold is not None and _stands(hold):
        with contextlib.suppress(DomainError):
            release_hold(visitor.actor(request), hold_id=hold.pk)
    else:
        messages.warning(request, _("We kept that time for ten minutes, and they are over. Please choose again."))
    return redirect("patient-slots")


def _refused(request: HttpRequest, refused: DomainError) -> HttpResponse:
    request.session.pop(visitor.HOLD, None)
    messages.error(request, _(refused.detail))
    return redirect("patient-slots")
