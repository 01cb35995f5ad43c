"""After the intake: a person's override, and the danger signs at a later contact."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.errors import NotFound
from scheduling.api.bodies import EmptyBody, OverrideBody, SignsBody, WhereaboutsBody
from scheduling.api.presenters import as_asked, as_decision, as_intake
from scheduling.intake.asking_again import ask_signs
from scheduling.intake.falling_back import fall_back
from scheduling.intake.overriding import override
from triage.models import Assessment, Occasion
from triage.overriding import Target
from triage.services.recording import record_whereabouts
from triage.urgency import Disposition


class OverrideView(APIView):
    """POST: another decision beside the one in force, signed, with its reason."""

    permission = Permission.OVERRIDE

    @documented("Override the decision in force.", body=OverrideBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Record the override and let the episode follow."""
        given = body(OverrideBody, request)
        reason = given.pop("reason")
        target = Target(**{**given, "disposition": Disposition(given["disposition"])})
        return Response(as_intake(override(caller(request), assessment_id=pk, target=target, reason=reason)), 201)


class SignsView(APIView):
    """POST: the emergency and limb-threat questions, asked again at a later contact."""

    permission = Permission.ASK_SIGNS

    @documented("Ask the danger signs again; they go through R1 and R2.", body=SignsBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep the answers, and return the decision where a sign is there."""
        given = body(SignsBody, request)
        asked = ask_signs(
            caller(request), episode_id=pk, answers=given["answers"], occasion=Occasion(given["occasion"])
        )
        return Response(as_asked(asked), status=201)


class FallbackView(APIView):
    """POST: see whether a promised scan can still be had in time; if not, the table's fallback is in force."""

    permission = Permission.ASSESS

    @documented("Apply the rule's own fallback where no slot is in time any more.", body=EmptyBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Return the further decision, or null where a slot in time is still there."""
        row = fall_back(caller(request), episode_id=pk)
        return Response({"decision": as_decision(row) if row else None})


class WhereaboutsView(APIView):
    """POST: where somebody is who was sent to emergency care."""

    permission = Permission.ASSESS

    @documented("Keep where somebody is who was sent to emergency care.", body=WhereaboutsBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep it beside the assessment."""
        given = body(WhereaboutsBody, request)
        assessment = Assessment.objects.select_related("episode", "patient").filter(pk=pk).first()
        if assessment is None:
            raise NotFound("There is no such assessment.")
        row = record_whereabouts(caller(request), assessment=assessment, **given)
        return Response({"assessment": pk, "place": row.place, "accompanied": row.accompanied, "at": row.at}, 201)
