"""A center's latest sheet as an answer, the same by the page and by the API."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from clinic.errors import NotFound
from scheduling.models import DowntimeSheet
from scheduling.selectors import named


def sheet_response(code: str) -> HttpResponse:
    """Answer with a center's latest sheet; the headers say of when it is. Raises `NotFound` where there is none yet."""
    sheet = DowntimeSheet.objects.filter(center=named.center(code)).select_related("center").first()
    if sheet is None:
        raise NotFound(_("There is no sheet of this center yet. One is made within a minute."))
    headers = {
        "Content-Disposition": f'inline; filename="downtime-{sheet.center.code}.pdf"',
        "X-Made-At": sheet.made_at.isoformat(),
        "X-Stale-At": sheet.stale_at.isoformat(),
    }
    return HttpResponse(bytes(sheet.content), content_type="application/pdf", headers=headers)
