"""Episodes, steps and reports over the API: each view translates, and a service decides."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import pathway
from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.presenters import as_episode, as_report, as_step
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import ChartPage, ClosingReason, Impression, ResultCategory, Role, Side
from clinic.selectors import episodes as episode_selectors
from clinic.selectors import steps as step_selectors
from clinic.services import episodes, reports, worklist
from clinic.services.charts import read_chart
from clinic.veins import STATES, VEINS


class CloseBody(serializers.Serializer[object]):
    """Why the episode ends."""

    reason = serializers.ChoiceField(choices=ClosingReason.choices)


class OutcomeBody(serializers.Serializer[object]):
    """How a step, or a try at it, ended: a short code."""

    outcome = serializers.CharField(max_length=40)


class ReassignBody(serializers.Serializer[object]):
    """To whom a step goes: a person, or a role at a center."""

    owner = serializers.IntegerField(required=False, allow_null=True, default=None)
    role = serializers.ChoiceField(choices=Role.choices, required=False, allow_blank=True, default="")
    center = serializers.IntegerField(required=False, allow_null=True, default=None)


class VeinBody(serializers.Serializer[object]):
    """One vein that was studied, on one side, and how it was found."""

    vein = serializers.ChoiceField(choices=sorted(VEINS))
    side = serializers.ChoiceField(choices=[Side.LEFT.value, Side.RIGHT.value])
    state = serializers.ChoiceField(choices=STATES)


class DetailBody(serializers.Serializer[object]):
    """What a report says beside its impression or category."""

    side = serializers.ChoiceField(choices=Side.choices)
    findings = serializers.CharField(required=False, default="", allow_blank=True, max_length=10_000)
    veins = serializers.ListField(child=VeinBody(), required=False, default=list, max_length=2 * len(VEINS))
    clot_length_cm = serializers.FloatField(required=False, allow_null=True, default=None, min_value=0, max_value=120)
    junction_distance_cm = serializers.FloatField(
        required=False, allow_null=True, default=None, min_value=0, max_value=120
    )


class PreliminaryBody(DetailBody):
    """The sonographer's preliminary of one scan."""

    step = serializers.IntegerField(help_text="The scan's step.")
    impression = serializers.ChoiceField(choices=Impression.choices)
    scan_ended_at = InstantField()


class FinalBody(DetailBody):
    """The interpreting physician's report, with what the plan depends on."""

    category = serializers.ChoiceField(choices=ResultCategory.choices)
    reason = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="Why the side differs, where it does."
    )
    signed_by = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Who signs: only the one who is logged in may."
    )
    d_dimer = serializers.ChoiceField(choices=["positive", "negative", "unknown"], required=False, default="unknown")
    treated = serializers.BooleanField(required=False, default=False)
    equivocal = serializers.BooleanField(required=False, default=False)
    suspicion_persists = serializers.BooleanField(required=False, allow_null=True, default=None)


class AmendBody(FinalBody):
    """An amendment, with its reason."""

    reason = serializers.CharField(max_length=200)


class EpisodeView(APIView):
    """GET one episode: its whole story."""

    permission = Permission.READ_EPISODES

    @documented("One episode with its steps, reports and timeline.")
    def get(self, request: Request, pk: int) -> Response:
        """Return the episode's story, oldest event first."""
        found = episode_selectors.story(pk)
        whose = found.episode.patient_id
        read_chart(caller(request), patient_id=whose, page=ChartPage.EPISODE, episode_id=pk, api=True)
        return Response(as_episode(found))


class EpisodeCloseView(APIView):
    """POST: close an episode with a clinician's signature."""

    permission = Permission.CLOSE_EPISODES

    @documented("Close an episode.", body=CloseBody)
    def post(self, request: Request, pk: int) -> Response:
        """Close it, or answer 409 with what is still owed."""
        checked = body(CloseBody, request)
        episodes.close_episode(caller(request), episode_id=pk, reason=str(checked["reason"]))
        return Response(as_episode(episode_selectors.story(pk)))


class StepListView(APIView):
    """GET the worklist: live steps by role, center, owner or none, overdue or not."""

    permission = Permission.READ_STEPS

    @documented(
        "Live steps, the most urgent first.", query=("role", "center", "overdue", "mine", "unassigned", "episode")
    )
    def get(self, request: Request) -> Response:
        """Return the steps that match the query."""
        found = step_selectors.worklist(caller(request), request.query_params.dict())
        return Response({"results": [as_step(step) for step in found]})


class StepDoneView(APIView):
    """POST: a step was done."""

    permission = Permission.WORK_STEPS

    @documented("Record that a step was done.", body=OutcomeBody)
    def post(self, request: Request, pk: int) -> Response:
        """End the step; where it was the last, the clinician's decision follows."""
        outcome = str(body(OutcomeBody, request)["outcome"])
        return Response(as_step(worklist.finish(caller(request), step_id=pk, outcome=outcome)))


class StepAttemptView(APIView):
    """POST: a try at a step that did not end it."""

    permission = Permission.WORK_STEPS

    @documented("Record a try at a step.", body=OutcomeBody)
    def post(self, request: Request, pk: int) -> Response:
        """Count the try."""
        outcome = str(body(OutcomeBody, request)["outcome"])
        return Response(as_step(worklist.attempt(caller(request), step_id=pk, outcome=outcome)))


class StepReassignView(APIView):
    """POST: a step goes to somebody else."""

    permission = Permission.WORK_STEPS

    @documented("Give a step to a person, or to a role at a center.", body=ReassignBody)
    def post(self, request: Request, pk: int) -> Response:
        """Change its owner."""
        checked = body(ReassignBody, request)
        step = worklist.reassign(
            caller(request),
            step_id=pk,
            owner_id=checked["owner"],
            owner_role=str(checked["role"]),
            center_id=checked["center"],
        )
        return Response(as_step(step))


class ReportListView(APIView):
    """POST the preliminary of a scan."""

    permission = Permission.WRITE_PRELIMINARY

    @documented("Record the preliminary of a scan.", body=PreliminaryBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Write it; an urgent impression opens the telling."""
        checked = body(PreliminaryBody, request)
        report = reports.record_preliminary(
            caller(request),
            step_id=int(str(checked["step"])),
            scan_ended_at=checked["scan_ended_at"],
            finding=finding_of(checked, impression=str(checked["impression"])),
        )
        return Response(as_report(report), status=201)


def finding_of(checked: dict[str, Any], *, impression: str = "") -> reports.Finding:
    """Return what a checked body says of a study."""
    return reports.Finding(
        impression=impression,
        category=checked.get("category", ""),
        side=checked["side"],
        findings=checked["findings"],
        reason=checked.get("reason", ""),
        veins=tuple(checked["veins"]),
        clot_length_cm=checked["clot_length_cm"],
        junction_distance_cm=checked["junction_distance_cm"],
    )


def _signed(checked: dict[str, Any]) -> dict[str, Any]:
    """What a signature takes: the finding, what the plan depends on, and who is said to sign."""
    risk = pathway.Risk(
        d_dimer=str(checked["d_dimer"]),
        treated=bool(checked["treated"]),
        equivocal=bool(checked["equivocal"]),
        suspicion_persists=checked["suspicion_persists"],
    )
    return {"finding": finding_of(checked), "risk": risk, "signed_by": checked["signed_by"]}


class ReportFinalizeView(APIView):
    """POST: the interpreting physician signs."""

    permission = Permission.SIGN_REPORTS

    @documented("Sign the final report.", body=FinalBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Sign it: the reading is done, the telling is owed, the plan is made."""
        signed = _signed(body(FinalBody, request))
        return Response(as_report(reports.finalize(caller(request), report_id=pk, **signed)))


class ReportAmendView(APIView):
    """POST: the interpreting physician amends a signed report."""

    permission = Permission.SIGN_REPORTS

    @documented("Amend a signed report.", body=AmendBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Add a version; a changed category reopens the telling and revises the plan."""
        signed = _signed(body(AmendBody, request))
        return Response(as_report(reports.amend(caller(request), report_id=pk, **signed)))
