"""Treatment, plan, score and decision over the API: each view translates, and a service decides."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.fields import InstantField
from clinic.api.idempotency import idempotent
from clinic.api.presenters import as_step
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import (
    LIVE_STEP,
    ChartPage,
    Plan,
    StartRoute,
    TherapyChoice,
    TherapyDecision,
    TreatmentStart,
    VillaltaScore,
)
from clinic.models.treatment import CHECKLIST
from clinic.selectors import follow_up as selector
from clinic.selectors.follow_up import FollowUp
from clinic.services import plans, therapy, treatment
from clinic.services.charts import read_chart
from clinic.villalta import ITEMS


class TreatmentBody(serializers.Serializer[object]):
    """How treatment began, by route: a first dose, an acceptance, or a decision why not."""

    route = serializers.ChoiceField(choices=StartRoute.choices)
    drug = serializers.CharField(required=False, default="", allow_blank=True, max_length=12)
    first_dose_taken_at = InstantField(required=False, allow_null=True, default=None)
    dose_source = serializers.CharField(required=False, default="", allow_blank=True, max_length=12)
    pack_lot = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    pack_expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    pharmacy = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    checklist = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        default=dict,
        help_text=f"An answer to each of: {', '.join(CHECKLIST)}.",
    )
    facility = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    acceptor = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    departed_at = InstantField(required=False, allow_null=True, default=None)
    arrived_at = InstantField(required=False, allow_null=True, default=None)
    not_treated_reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=16)
    statement = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Each route has its instant."""
        needed = {StartRoute.FIRST_DOSE: "first_dose_taken_at", StartRoute.ED_ACCEPTED: "departed_at"}
        name = needed.get(StartRoute(attrs["route"]))
        if name and attrs[name] is None:
            raise serializers.ValidationError({name: "Say when."})
        return attrs


class VillaltaBody(serializers.Serializer[object]):
    """Eleven items of 0 to 3, and whether there is an ulcer."""

    scored_on = serializers.DateField()
    items = serializers.DictField(child=serializers.IntegerField(), help_text=f"Each of: {', '.join(ITEMS)}.")
    ulcer = serializers.BooleanField()


class TherapyBody(serializers.Serializer[object]):
    """Stop, with the day of the last dose, or extend."""

    choice = serializers.ChoiceField(choices=TherapyChoice.choices)
    reason = serializers.CharField(max_length=200)
    last_dose_on = serializers.DateField(required=False, allow_null=True, default=None)


class PlanBody(serializers.Serializer[object]):
    """What the plan in force depends on, said otherwise."""

    treated = serializers.BooleanField(required=False)
    equivocal = serializers.BooleanField(required=False)
    other_imaging = serializers.BooleanField(required=False)
    suspicion_persists = serializers.BooleanField(required=False)


class EpisodeTreatmentView(APIView):
    """POST: how treatment began, or why it did not."""

    permission = Permission.WRITE_TREATMENT

    @documented("Record the first dose, an acceptance, or why no treatment begins.", body=TreatmentBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End the step of treatment; a drug whose dose changes raises that call."""
        start = as_start(body(TreatmentBody, request))
        return Response(as_treatment(treatment.record_start(caller(request), episode_id=pk, start=start)), status=201)


class EpisodeVillaltaView(APIView):
    """POST: a Villalta score."""

    permission = Permission.WRITE_TREATMENT

    @documented("Record a Villalta score.", body=VillaltaBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep the items with their day; the sum is computed."""
        given = body(VillaltaBody, request)
        return Response(as_score(therapy.record_villalta(caller(request), episode_id=pk, **given)), status=201)


class EpisodeTherapyView(APIView):
    """POST: treatment stops or goes on."""

    permission = Permission.WRITE_TREATMENT

    @documented("Decide to stop or to extend treatment.", body=TherapyBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep the decision, and owe what follows from it."""
        given = body(TherapyBody, request)
        return Response(as_decision(therapy.decide_therapy(caller(request), episode_id=pk, **given)), status=201)


class EpisodePlanView(APIView):
    """GET the follow-up; POST what its plan depends on."""

    permission = Permission.WRITE_PLANS

    @documented("The plan in force, treatment, decisions, and what forbids to close.")
    def get(self, request: Request, pk: int) -> Response:
        """Return the follow-up at a glance."""
        found = selector.follow_up(pk)
        _read(request, pk, found)
        return Response(as_follow_up(found))

    @documented("Say otherwise what the plan depends on.", body=PlanBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Draw the plan up anew from the same day."""
        changes = body(PlanBody, request)
        # What changes nothing is no event, and its answer shows the chart all the same.
        _read(request, pk, selector.follow_up(pk))
        plans.revise_plan(caller(request), episode_id=pk, changes=changes)
        return Response(as_follow_up(selector.follow_up(pk)))


def _read(request: Request, pk: int, found: FollowUp) -> None:
    """Write down who reads a follow-up."""
    whose = found.episode.patient_id
    read_chart(caller(request), patient_id=whose, page=ChartPage.FOLLOW_UP, episode_id=pk, api=True)


def as_start(given: dict[str, Any]) -> treatment.Start:
    """Return what the service takes, by route."""
    if given["route"] == StartRoute.FIRST_DOSE:
        return treatment.FirstDose(
            drug=given["drug"],
            taken_at=given["first_dose_taken_at"],
            source=given["dose_source"],
            pack_lot=given["pack_lot"],
            pack_expires_on=given["pack_expires_on"],
            pharmacy=given["pharmacy"],
            checklist={item: given["checklist"].get(item, "") for item in CHECKLIST},
        )
    if given["route"] == StartRoute.ED_ACCEPTED:
        return treatment.Acceptance(
            facility=given["facility"],
            acceptor=given["acceptor"],
            departed_at=given["departed_at"],
            arrived_at=given["arrived_at"],
        )
    return treatment.NotTreated(reason=given["not_treated_reason"], statement=given["statement"])


def as_treatment(row: TreatmentStart) -> dict[str, object]:
    """How treatment began."""
    return {
        "id": row.pk,
        "episode": row.episode_id,
        "route": row.route,
        "drug": row.drug,
        "first_dose_taken_at": row.first_dose_taken_at,
        "dose_source": row.dose_source,
        "pack_lot": row.pack_lot,
        "pack_expires_on": row.pack_expires_on,
        "pharmacy": row.pharmacy,
        "checklist": {item: getattr(row, item) for item in CHECKLIST},
        "facility": row.facility,
        "acceptor": row.acceptor,
        "departed_at": row.departed_at,
        "arrived_at": row.arrived_at,
        "not_treated_reason": row.not_treated_reason,
        "statement": row.statement,
        "by": row.by_id,
        "at": row.at,
    }


def as_score(row: VillaltaScore) -> dict[str, object]:
    """A score with its day and its source."""
    return {
        "id": row.pk,
        "scored_on": row.scored_on,
        "items": row.items,
        "ulcer": row.ulcer,
        "total": row.total,
        "severity": row.severity,
        "source": row.source,
        "by": row.by_id,
    }


def as_decision(row: TherapyDecision) -> dict[str, object]:
    """A decision to stop or to extend."""
    return {
        "id": row.pk,
        "choice": row.choice,
        "last_dose_on": row.last_dose_on,
        "reason": row.reason,
        "by": row.by_id,
        "at": row.at,
    }


def as_follow_up(found: FollowUp) -> dict[str, object]:
    """The follow-up at a glance."""
    return {
        "episode": found.episode.pk,
        "plan": _as_plan(found.plan) if found.plan else None,
        "steps": [as_step(step) for step in found.steps if step.status in LIVE_STEP],
        "treatment": [as_treatment(row) for row in found.starts],
        "villalta": [as_score(row) for row in found.scores],
        "therapy": [as_decision(row) for row in found.decisions],
        "open_conditions": [{"code": each.code, "missing": each.missing} for each in found.conditions],
    }


def _as_plan(plan: Plan) -> dict[str, object]:
    return {
        "id": plan.pk,
        "category": plan.category,
        "pathway_version": plan.pathway_version,
        "anchor": plan.anchor,
        "d_dimer": plan.d_dimer,
        "pregnant": plan.pregnant,
        "treated": plan.treated,
        "equivocal": plan.equivocal,
        "suspicion_persists": plan.suspicion_persists,
        "other_imaging": plan.other_imaging,
    }
