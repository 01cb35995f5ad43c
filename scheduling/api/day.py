"""The day at a center over the API: how it runs, and people who walk in."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import Language, Sex
from clinic.selectors.registration import missing_of
from clinic.services.access_needs import Access
from clinic.tables import HEAVIEST_LB
from scheduling.api.bodies import AccessBody
from scheduling.api.presenters import as_appointment, as_decision, local
from scheduling.needs import Needs
from scheduling.selectors import deadlines, named
from scheduling.selectors.day import visits_of_day
from scheduling.selectors.fitting import needs_of_patient
from scheduling.selectors.gaps import gaps
from scheduling.selectors.running import running_day
from scheduling.services.reserves import MOST_ADD_ONS, set_add_on_limit
from scheduling.services.walk_ins import Registration, place_walk_in, screen_walk_in


class CenterQuery(serializers.Serializer[Any]):
    """Which center."""

    center = serializers.CharField(max_length=12)


class GapQuery(CenterQuery):
    """Gaps for which visit."""

    visit_type = serializers.CharField(max_length=8)
    patient = serializers.IntegerField(required=False, min_value=1, help_text="Whose recorded needs choose the room.")
    wheelchair = serializers.BooleanField(required=False, default=False)
    lift = serializers.BooleanField(required=False, default=False)
    table_lb = serializers.IntegerField(required=False, default=0, min_value=0, max_value=HEAVIEST_LB)


class ScreenBody(serializers.Serializer[Any]):
    """Somebody stands at the desk: the groups ``emergency`` and ``limb_threat``, each question a yes or a no."""

    center = serializers.CharField(max_length=12)
    answers = serializers.DictField(child=serializers.DictField(child=serializers.CharField(max_length=10)))


class ArrivalBody(serializers.Serializer[Any]):
    """Who walked in, where they are new."""

    given_name = serializers.CharField(max_length=80)
    family_name = serializers.CharField(max_length=80)
    phone = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Empty of who has none: then `access` says how else they are reached.",
    )
    zip = serializers.CharField(max_length=10)
    access = AccessBody(required=False, allow_null=True, default=None)
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, default=Sex.OTHER)
    language = serializers.ChoiceField(choices=Language.choices, required=False, default=Language.ENGLISH)
    consent_to_texts = serializers.BooleanField(required=False, allow_null=True, default=None)


class PlaceBody(serializers.Serializer[Any]):
    """A gap that a person on duty accepted, and for whom: ``patient``, or ``register``."""

    center = serializers.CharField(max_length=12)
    visit_type = serializers.CharField(max_length=8)
    accepted_by = serializers.IntegerField(min_value=1, help_text="The person, as the gaps name them.")
    starts_at = InstantField()
    patient = serializers.IntegerField(required=False, min_value=1)
    register = ArrivalBody(required=False)
    episode = serializers.IntegerField(required=False, min_value=1)


class AddOnBody(serializers.Serializer[Any]):
    """The limit of a person's shift."""

    visits = serializers.IntegerField(min_value=0, max_value=MOST_ADD_ONS)


class DayView(APIView):
    """GET: how a center's day runs."""

    permission = Permission.READ_APPOINTMENTS

    @documented("Today's visits of a center, with their expected starts and who runs late.", query=("center",))
    def get(self, request: Request) -> Response:
        """Return the day, by booked start."""
        center, now = named.center(query(CenterQuery, request)["center"]), clock.now()
        visits = visits_of_day(center, clock.today(center.zone))
        day = running_day(visits, now)
        rows = []
        for visit in visits:
            found = day.expected.get(visit.pk)
            rows.append(
                {
                    **as_appointment(visit),
                    "walked_in": visit.signs_id is not None,
                    "registration_missing": missing_of(visit.patient),
                    "expected_start": local(found.starts_at, center.zone) if found else None,
                    "late_minutes": found.late_minutes if found else None,
                    "deadline_lost": found.deadline_lost if found else None,
                }
            )
        late = [{"name": name, "minutes": minutes} for name, minutes in day.late]
        return Response({"center": center.code, "at": local(now, center.zone), "late": late, "visits": rows})


class WalkInListView(APIView):
    """POST: the danger signs of somebody at the desk."""

    permission = Permission.RUN_VISIT

    @documented("Ask somebody at the desk the danger signs, before anything else.", body=ScreenBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep the answers; ``decision`` says where to send them, null where no sign is there."""
        given = body(ScreenBody, request)
        screened = screen_walk_in(caller(request), center=named.center(given["center"]), answers=given["answers"])
        decision = as_decision(screened.decision) if screened.decision else None
        return Response({"id": screened.assessment.pk, "decision": decision}, status=201)


class GapListView(APIView):
    """GET: who could see somebody at the desk, and when."""

    permission = Permission.RUN_VISIT

    @documented(
        "Each person's next gaps today.", query=("center", "visit_type", "patient", "wheelchair", "lift", "table_lb")
    )
    def get(self, request: Request) -> Response:
        """Return people, whose gap comes first on top."""
        given = query(GapQuery, request)
        center = named.center(given["center"])
        needs = Needs(wheelchair=given["wheelchair"], lift=given["lift"], table=given["table_lb"])
        needs |= needs_of_patient(given.get("patient"))
        found = [
            {
                "person": each.resource_id,
                "name": each.name,
                "starts": [local(at, center.zone) for at in each.starts],
                "add_ons": each.add_ons,
                "limit": each.limit,
            }
            for each in gaps(center, named.visit_type(given["visit_type"]), clock.now(), needs)
        ]
        return Response({"results": found})


class WalkInPlaceView(APIView):
    """POST: the gap that was accepted."""

    permission = Permission.RUN_VISIT

    @documented("Register who walked in, and give them a gap; the visit is arrived.", body=PlaceBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Place them, or refuse and register nobody."""
        given = body(PlaceBody, request)
        visit = place_walk_in(
            caller(request),
            assessment_id=pk,
            center=named.center(given["center"]),
            visit_type=named.visit_type(given["visit_type"]),
            accepted_by=given["accepted_by"],
            starts_at=given["starts_at"],
            patient_id=given.get("patient"),
            registration=_registration(given["register"]) if "register" in given else None,
            episode=deadlines.find_episode(episode_id=given.get("episode")),
        )
        return Response(as_appointment(visit), status=201)


def _registration(given: dict[str, Any]) -> Registration:
    access = given.pop("access")
    return Registration(**given, access=Access(**access) if access else None)


class AddOnLimitView(APIView):
    """PUT: how many add-ons a person's shift takes."""

    permission = Permission.EDIT_RESERVE

    @documented("Set how many people at the desk one person's shift takes.", body=AddOnBody)
    def put(self, request: Request, center: str) -> Response:
        """Set it."""
        actor, place = caller(request), named.center(center)
        visits = body(AddOnBody, request)["visits"]
        set_add_on_limit(actor, center=place, visits=visits)
        return Response({"center": place.code, "visits": visits})
