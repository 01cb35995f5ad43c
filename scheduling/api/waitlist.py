"""The waitlist, its offers, add-ons, and all the ways forward of an episode over the API."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.errors import NotFound
from clinic.models import ChartPage, Episode
from clinic.services.charts import read_chart
from scheduling.api.bodies import AskToMoveBody, EmptyBody, OverbookBody, WaitBody, WaitQuery
from scheduling.api.presenters import as_appointment, as_next_step
from scheduling.api.wait_presenters import as_entry, as_offer, as_ways
from scheduling.selectors import deadlines, named
from scheduling.services.asking_clinician import ask_clinician
from scheduling.waitlist import answering, joining, offering, waits
from scheduling.waitlist.overbooking import overbook
from scheduling.waitlist.ways import ways_forward

#: Entries in one answer; who waits behind them is found by center or episode.
MOST_SHOWN = 200


class WaitlistView(APIView):
    """GET who waits, in the order in which they are served; POST: wait for the first time that fits."""

    permission = {"GET": Permission.WAIT, "POST": Permission.WAIT}

    @documented("Who waits, first in line first.", query=("center", "episode"), operation="waitlist_list")
    def get(self, request: Request) -> Response:
        """Return the entries that wait, of one episode or one center's episodes where it is named."""
        given = query(WaitQuery, request)
        entries = waits.who_waits()
        if "episode" in given:
            entries = entries.filter(episode_id=given["episode"])
        if given["center"]:
            entries = entries.filter(episode__center=named.center(given["center"]))
        return Response({"results": [as_entry(each) for each in waits.in_line(entries)[:MOST_SHOWN]]})

    @documented("Wait for the first time that fits.", body=WaitBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Put a patient on the waitlist."""
        given = body(WaitBody, request)
        terms = joining.Terms(
            visit_type=named.visit_type(given["visit_type"]),
            zip=given["zip"],
            within_miles=given["within_miles"],
            centers=tuple(given["centers"]),
            earliest=given.get("earliest"),
            latest=given.get("latest"),
            short_notice=given["short_notice"],
            wheelchair=given["wheelchair"],
            visit_id=given.get("instead_of"),
        )
        entry = joining.join(
            caller(request),
            patient=named.patient(given["patient"]),
            terms=terms,
            episode=deadlines.find_episode(episode_id=given.get("episode"), assessment_id=given.get("assessment")),
        )
        return Response(as_entry(waits.entry(entry.pk)), status=201)


class EntryView(APIView):
    """GET one entry."""

    permission = Permission.WAIT

    @documented("One entry of the waitlist, with the offers that wait for an answer.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        return Response(as_entry(waits.entry(pk)))


class WithdrawView(APIView):
    """POST: wait no longer."""

    permission = Permission.WAIT

    @documented("Wait no longer.", body=EmptyBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End the wait; the episode's own next step stays."""
        return Response(as_entry(joining.withdraw(caller(request), entry_id=pk)))


class AskToMoveView(APIView):
    """POST: ask a willing routine patient to make room for who waits."""

    permission = Permission.WAIT

    @documented("Ask a willing routine patient to make room.", body=AskToMoveBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Hold another time for them, and ask."""
        given = body(AskToMoveBody, request)
        offer = offering.ask_to_move(caller(request), entry_id=pk, visit_id=given.get("appointment"))
        return Response(as_offer(offer), status=201)


class OfferView(APIView):
    """GET one offer."""

    permission = Permission.WAIT

    @documented("One offer: what, to whom, until when.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        return Response(as_offer(waits.offer(pk)))


class AcceptView(APIView):
    """POST: yes."""

    permission = Permission.WAIT

    @documented("Accept an offer: the visit that it led to.", body=EmptyBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Book the held time, or move into it; whoever comes second hears that the offer is over."""
        return Response(as_appointment(answering.accept(caller(request), offer_id=pk)))


class DeclineView(APIView):
    """POST: no."""

    permission = Permission.WAIT

    @documented("Decline an offer: the time goes to the next in line.", body=EmptyBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Give the held time back."""
        return Response(as_offer(answering.decline(caller(request), offer_id=pk)))


class OverbookListView(APIView):
    """POST: add a rule-out on."""

    permission = Permission.OVERBOOK

    @documented("Add on a rule-out where nothing is in time, in your name.", body=OverbookBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Book the overflow unit of a center."""
        given = body(OverbookBody, request)
        episode = Episode.objects.select_related("patient").filter(pk=given["episode"]).first()
        if episode is None:
            raise NotFound("There is no such episode.")
        visit = overbook(
            caller(request),
            episode=episode,
            center=named.center(given["center"]),
            starts_at=given["starts_at"],
            reason=given["reason"],
        )
        return Response(as_appointment(visit), status=201)


class WaysView(APIView):
    """GET: all the ways forward of an episode."""

    permission = Permission.SEARCH_SLOTS

    @documented("The ways forward that an episode has now, in the order in which they are tried.")
    def get(self, request: Request, pk: int) -> Response:
        """Return them; the last one is always there."""
        ways = ways_forward(pk)
        whose = ways.episode.patient_id
        read_chart(caller(request), patient_id=whose, page=ChartPage.EPISODE, episode_id=pk, api=True)
        return Response(as_ways(ways))


class AskClinicianView(APIView):
    """POST: a clinician decides whether a rule-out may be moved past its deadline."""

    permission = Permission.BOOK

    @documented("Ask a clinician about a time past the clinical deadline.", body=EmptyBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Open the clinician's call; the visit stays as it is."""
        return Response({"next_step": as_next_step(ask_clinician(caller(request), appointment_id=pk))}, status=201)
