"""Centers, slots and holds over the API."""

from collections import defaultdict
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import OpeningHours
from scheduling.api.bodies import NearQuery, SlotBody, SlotQuery
from scheduling.api.presenters import as_answer, as_center, as_hold
from scheduling.api.reading import needs_of, slot_of
from scheduling.models import VisitKind
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors import deadlines, named
from scheduling.selectors.add_ons import add_on_times
from scheduling.selectors.centers import nearest_centers
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.offers import MOST_TOLD
from scheduling.selectors.search import Slot, search
from scheduling.services.holding import hold_slot, release_hold
from scheduling.slots import Deadline


class CenterListView(APIView):
    """GET: centers, nearest first."""

    permission = Permission.READ_CENTERS

    @documented("Centers with their hours, nearest first.", query=("near", "within_miles"))
    def get(self, request: Request) -> Response:
        """Return the active centers around a ZIP code, or all of them by code."""
        given = query(NearQuery, request)
        cards = nearest_centers(near_zip=given.get("near"), within_miles=given.get("within_miles"))
        hours = defaultdict(list)
        zones = {card.id: card.zone for card in cards}
        for row in OpeningHours.objects.filter(center_id__in=zones):
            if row.in_force(clock.today(zones[row.center_id])):
                hours[row.center_id].append(row)
        return Response({"results": [as_center(card, hours[card.id]) for card in cards]})


class SlotListView(APIView):
    """GET: the best slots for a visit."""

    permission = Permission.SEARCH_SLOTS

    @documented(
        "Slots by a result in time, then distance; where one could be added on; and why those of the nearest"
        f" {MOST_TOLD} centers that offer none don't.",
        query=(
            "visit_type",
            "near",
            "within_miles",
            "from",
            "until",
            "assessment",
            "episode",
            "center",
            "arm",
            "iliac",
            "wheelchair",
            "lift",
            "table_lb",
            "language",
            "limit",
        ),
    )
    def get(self, request: Request) -> Response:
        """Return at most ``limit`` slots."""
        given = query(SlotQuery, request)
        visit_type, deadline = named.visit_type(given["visit_type"]), _deadline(given)
        needs = needs_of(given) | _of_patient(given)
        answer = search(
            visit_type,
            near_zip=given.get("near"),
            within_miles=given.get("within_miles"),
            from_=given.get("from"),
            until=given.get("until"),
            deadline=deadline,
            limit=given["limit"],
            needs=needs,
            center_code=given["center"],
        )
        add_ons: list[Slot] = []
        in_time = any(slot.meets_deadline for slot in answer.slots)
        if deadline is not None and visit_type.kind == VisitKind.DVT_SCAN and not in_time:
            add_ons = add_on_times(
                deadline,
                near_zip=given.get("near"),
                within_miles=given.get("within_miles"),
                needs=needs,
                center_code=given["center"],
            )
        return Response(as_answer(answer, given["visit_type"], add_ons))


class HoldListView(APIView):
    """POST: keep a slot."""

    permission = Permission.HOLD

    @documented("Keep a slot for ten minutes.", body=SlotBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Hold the slot, or answer 409 where somebody was first."""
        hold = hold_slot(caller(request), slot=slot_of(body(SlotBody, request)))
        return Response(as_hold(hold), status=201)


class HoldView(APIView):
    """DELETE: give a hold back."""

    permission = Permission.HOLD

    @documented("Give a hold back.", status=204)
    def delete(self, request: Request, pk: int) -> Response:
        """Release the caller's own hold."""
        release_hold(caller(request), hold_id=pk)
        return Response(status=204)


def _deadline(given: dict[str, Any]) -> Deadline | None:
    if "assessment" in given:
        return deadlines.of_assessment(given["assessment"])
    episode = deadlines.find_episode(episode_id=given.get("episode"))
    return deadlines.of_episode(episode) if episode else None


def _of_patient(given: dict[str, Any]) -> Needs:
    """What is recorded of the patient for whom it is searched: nobody has to repeat it."""
    episode = deadlines.find_episode(episode_id=given.get("episode"), assessment_id=given.get("assessment"))
    return needs_of_patient(episode.patient_id) if episode else NO_NEEDS
