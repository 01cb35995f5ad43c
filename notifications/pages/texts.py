"""What was texted to a patient, the calls by machine, and what became of them. No words are shown: none are kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import NotFound
from clinic.models import ChartPage, Patient
from clinic.pages.access import staff_page
from clinic.services.charts import read_chart
from notifications.pages.office import OFFICE_ZONE
from notifications.pages.text_lines import as_line
from notifications.selectors.messages import of_patient

__all__ = ["OFFICE_ZONE", "text_list"]


@require_safe
@staff_page(Permission.READ_MESSAGES)
def text_list(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A patient's texts, the newest first."""
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise NotFound(_("There is no such patient."))
    read_chart(actor, patient_id=pk, page=ChartPage.TEXTS)
    lines = [as_line(message) for message in of_patient(str(pk))]
    context = {"patient": patient, "lines": lines, "zone": OFFICE_ZONE, "actor": actor}
    return render(request, "notifications/staff/texts.html", context)
