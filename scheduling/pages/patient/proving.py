"""A link from a text: looking at it does nothing; the birth date opens it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.errors import Gone, Invalid, NotFound
from clinic.models import Link, LinkPurpose
from clinic.services import links
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.forms import BirthDateForm
from scheduling.pages.patient.guesses import count_guess, refuse_guesser
from scheduling.pages.patient.refusals import put_tries_on

_LEADS_TO = {
    LinkPurpose.VISIT: "patient-visit",
    LinkPurpose.RESULT: "patient-result",
    LinkPurpose.FOLLOW_UP: "patient-follow-up",
    LinkPurpose.OFFER: "patient-offer",
    LinkPurpose.SHARE: "patient-shared-result",
}


@patient_page
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the birth date, of twins for the first name as well; with the right one go on to what it is for."""
    refuse_guesser(request)
    try:
        link = _found(request, token)
        given = request.POST if request.method == "POST" else None
        form = BirthDateForm(given, asks_name=links.needs_given_name(link))
        if form.is_bound and form.is_valid():
            try:
                link = links.prove_birth_date(link=link, **form.cleaned_data)
            except Invalid as refused:
                count_guess(request)
                put_tries_on(form, refused, link)
            else:
                visitor.prove(request, link)
                return redirect(_LEADS_TO[LinkPurpose(link.purpose)])
    except Gone as refused:
        page = {"locked": refused.code == "link_locked"}
        return render(request, "scheduling/patient/link_over.html", page, status=refused.status)
    return render(request, "scheduling/patient/link.html", {"form": form}, status=400 if form.is_bound else 200)


def _found(request: HttpRequest, token: str) -> Link:
    try:
        return links.find(token)
    except NotFound:
        count_guess(request)
        raise
