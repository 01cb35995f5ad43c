"""The life of an appointment over the API: each view calls one service."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import ChartPage, Episode, Patient
from clinic.services.charts import read_chart
from scheduling.api.bodies import BookingBody, CancelBody, RescheduleBody, StartBody
from scheduling.api.presenters import as_appointment
from scheduling.api.reading import slot_of
from scheduling.models import Appointment
from scheduling.selectors import deadlines, named
from scheduling.services import visits
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule


class AppointmentListView(APIView):
    """POST: book."""

    permission = Permission.BOOK

    @documented("Book a hold, or a slot at once.", body=BookingBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Book all that the visit needs, or nothing."""
        given = body(BookingBody, request)
        booked = book(
            caller(request),
            patient=Patient(pk=given["patient"]),
            hold_id=given.get("hold"),
            slot=slot_of(given["slot"]) if "slot" in given else None,
            episode=_episode(given),
            willing_to_move=given["willing_to_move"],
            representative_id=given.get("representative"),
        )
        return Response(as_appointment(booked), status=201)


def _episode(given: dict[str, Any]) -> Episode | None:
    """The episode that is named, by its key alone, or the one of the assessment that is."""
    if "episode" in given:
        return Episode(pk=given["episode"])
    return deadlines.find_episode(assessment_id=given.get("assessment"))


class AppointmentView(APIView):
    """GET one appointment."""

    permission = Permission.READ_APPOINTMENTS

    @documented("One appointment.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        found = named.appointment(pk)
        if found.patient_id is not None:
            actor, episode = caller(request), found.episode_id
            read_chart(actor, patient_id=found.patient_id, page=ChartPage.VISIT, episode_id=episode, api=True)
        return Response(as_appointment(found))


class RescheduleView(APIView):
    """POST: move a visit."""

    permission = Permission.BOOK

    @documented("Move a visit to another time or center.", body=RescheduleBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Move it, or leave it where it is and say why."""
        given = body(RescheduleBody, request)
        moved = reschedule(
            caller(request),
            appointment_id=pk,
            starts_at=given["starts_at"],
            center=named.center(given["center"]) if given["center"] else None,
        )
        return Response(as_appointment(moved))


class CancelView(APIView):
    """POST: give a visit up."""

    permission = Permission.BOOK

    @documented("Cancel a visit.", body=CancelBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Cancel it, and open what is owed in its place."""
        reason = body(CancelBody, request)["reason"]
        return Response(as_appointment(visits.cancel(caller(request), appointment_id=pk, reason=reason)))


class StartView(APIView):
    """POST: the visit begins."""

    permission = Permission.RUN_VISIT

    @documented("The visit begins: a scan with a signed order, on the side that it names.", body=StartBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Begin it, or refuse and ask a clinician for the order."""
        return Response(as_appointment(visits.start(caller(request), appointment_id=pk, **body(StartBody, request))))


def _moving(permission: Permission, summary: str, service: Callable[..., Appointment]) -> type[APIView]:
    """Return the view of one transition that takes nothing but the appointment."""

    @documented(summary)
    @idempotent
    def post(self: APIView, request: Request, pk: int) -> Response:
        """Move the appointment along its life."""
        return Response(as_appointment(service(caller(request), appointment_id=pk)))

    members: dict[str, Any] = {"permission": permission, "post": post, "__doc__": summary}
    return type(f"{service.__name__.title().replace('_', '')}View", (APIView,), members)


ConfirmView = _moving(Permission.BOOK, "The patient confirms.", visits.confirm)
CheckInView = _moving(Permission.RUN_VISIT, "The patient has arrived.", visits.check_in)
CompleteView = _moving(Permission.RUN_VISIT, "The visit is over.", visits.complete)
NoShowView = _moving(Permission.RUN_VISIT, "Nobody came.", visits.no_show)
