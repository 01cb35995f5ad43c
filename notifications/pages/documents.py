"""The page of documents: what left for referring offices, what became of it, and the button that sends one again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.models import ChartPage, Episode
from clinic.pages.access import back, staff_action, staff_page
from clinic.pages.timeline import Moment
from clinic.pages.tones import tone_of
from clinic.phones import national
from clinic.services.charts import read_chart
from notifications import carrier
from notifications.documents.owing import send_again
from notifications.documents.report_sheet import document_of
from notifications.models import Delivery, DeliveryStatus, DocumentWay
from notifications.models.delivery import ON_ITS_WAY
from notifications.selectors import documents

#: Why a document did not arrive, in words; an unknown code stands as it is.
WHY: dict[str, Promise | str] = {
    "busy": lazy("The line was busy"),
    "no_answer": lazy("Nobody's machine answered"),
    "line_dropped": lazy("The line was dropped"),
    "number_invalid": lazy("No fax number"),
    "not_a_fax": lazy("A person or a voice mailbox answered"),
    "address_unknown": lazy("No such Direct address"),
    "mailbox_unavailable": lazy("Their mailbox does not answer"),
    "no_receipt": lazy("Nobody confirmed it within a day"),
    "amended": lazy("The report was amended before it left"),
    "corrected": lazy("The office was corrected before it left"),
    "arrived_after_all": lazy("It had arrived by the other way after all"),
    "fault": lazy("It could not be made"),
}
_TONES = {DeliveryStatus.CONFIRMED: "calm", DeliveryStatus.FAILED: "urgent", DeliveryStatus.CANCELLED: "neutral"}


@dataclass(frozen=True)
class DeliveryLine:
    """One delivery as the tables show it."""

    row: Delivery
    tone: str
    to: str
    why: Promise | str
    again: bool

    @property
    def zone(self) -> str:
        """Whose clock its times are told by."""
        return self.row.report.center.zone


def as_line(row: Delivery) -> DeliveryLine:
    """Present a delivery."""
    return DeliveryLine(
        row=row,
        tone=_TONES.get(DeliveryStatus(row.status), "soon"),
        to=national(row.address) if row.way == DocumentWay.FAX else row.address,
        why=WHY.get(row.end_code, row.end_code.replace("_", " ")),
        again=row.status not in ON_ITS_WAY and carrier.is_set(),
    )


@require_safe
@staff_page(Permission.TELL_REFERRERS)
def document_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is on its way or failed, and what arrived lately."""
    lines = [as_line(row) for row in documents.deliveries()]
    failed = [line for line in lines if line.row.status == DeliveryStatus.FAILED]
    context: dict[str, Any] = {
        "groups": [
            (_("Did not arrive"), failed),
            (_("On the way"), [line for line in lines if line.row.status in ON_ITS_WAY]),
            (_("Arrived, or not sent"), [line for line in lines if _over(line)]),
        ],
        "carrier": carrier.is_set(),
        "actor": actor,
    }
    return render(request, "notifications/staff/documents.html", context)


def _over(line: DeliveryLine) -> bool:
    return line.row.status in (DeliveryStatus.CONFIRMED, DeliveryStatus.CANCELLED)


@require_safe
@never_cache
@staff_page(Permission.TELL_REFERRERS)
def document_paper(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The document as the office gets it: to look at, or to send by hand. It is a part of the chart."""
    row = documents.delivery(pk)
    episode = row.report.episode
    read_chart(actor, patient_id=episode.patient_id, page=ChartPage.RESULT, episode_id=episode.pk)
    # The name of the file says nothing of health: it lies on a shared disk.
    disposition = {"Content-Disposition": 'inline; filename="vein-center.pdf"'}
    pdf = document_of(row)
    return HttpResponse(pdf, content_type="application/pdf", headers=disposition)


@staff_action(Permission.TELL_REFERRERS)
def document_again(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Have the report sent again."""
    send_again(actor, delivery_id=pk)
    messages.success(request, _("It is on its way again. What becomes of it is shown here."))
    return back(request, "staff-documents")


def documents_of(episode: Episode) -> list[Moment]:
    """Return what was sent to the referring office about an episode, each when it left. Never what it said."""
    # The story has read its reports: nothing left about one that nobody signed.
    if not any(report.signed_at for report in episode.reports.all()):
        return []
    rows = Delivery.objects.filter(report__episode=episode, sent_at__isnull=False).order_by("id")
    return [
        Moment(
            row.sent_at,
            _("Document: the report, version %(version)s, by %(way)s (%(became)s)")
            % {
                "version": row.version,
                "way": row.get_way_display().lower(),
                "became": row.get_status_display().lower(),
            },
            _("the system"),
            _TONES.get(DeliveryStatus(row.status), tone_of(row.status)),
        )
        for row in rows
        if row.sent_at is not None
    ]
