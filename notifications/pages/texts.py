"""What was texted to a patient, and what became of it. No words are shown: none are kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import Patient
from clinic.pages.access import staff_page
from clinic.pages.tones import tone_of
from notifications.pages.result_presenter import TextLine
from notifications.selectors.messages import of_patient

#: Times of a patient's texts are shown where the network's office is.
OFFICE_ZONE = "America/New_York"


@require_safe
@staff_page(Permission.READ_MESSAGES)
def text_list(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A patient's texts, the newest first."""
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise NotFound(_("There is no such patient."))
    lines = [TextLine(message, tone_of(message.status)) for message in of_patient(str(pk))]
    context = {"patient": patient, "lines": lines, "zone": OFFICE_ZONE, "actor": actor}
    return render(request, "notifications/staff/texts.html", context)
