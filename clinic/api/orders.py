"""Orders of scans over the API, and the directory of practices that refer."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import ChartPage, Episode, Order, OrderPriority, Practice, Side, Study
from clinic.selectors.orders import orders_of, practices_like
from clinic.services.charts import read_chart
from clinic.services.signing_orders import Received, Signing, receive_order, sign_order


class SigningBody(serializers.Serializer[object]):
    """What is signed. ``reason``: why a signed order is amended. ``order``: which one, where there are several."""

    side = serializers.ChoiceField(choices=Side.choices)
    study = serializers.ChoiceField(choices=Study.choices, required=False, default="", allow_blank=True)
    priority = serializers.ChoiceField(choices=OrderPriority.choices, required=False, default="", allow_blank=True)
    indication = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    order = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1)


class ReceivedBody(SigningBody):
    """The referring clinician's signed order, as it came in."""

    practitioner = serializers.CharField(max_length=120)
    npi = serializers.CharField(max_length=10)


class PracticeQuery(serializers.Serializer[object]):
    """The first digits of an NPI."""

    npi = serializers.RegexField(
        r"^[0-9]{1,10}$", error_messages={"invalid": "Give the first digits of the practice's NPI."}
    )


def as_order(order: Order) -> dict[str, object]:
    """One order."""
    return {
        "id": order.pk,
        "episode": order.episode_id,
        "step": order.step_id,
        "status": order.status,
        "source": order.source,
        "priority": order.priority,
        "study": order.study,
        "side": order.side,
        "indication": order.indication,
        "codes": order.codes,
        "d_dimer": order.d_dimer,
        "practitioner": order.practitioner,
        "npi": order.npi,
        "signed_at": order.signed_at,
        "signed_by": order.signed_by_id,
        "amends": order.amends_id,
        "reason": order.reason,
    }


def as_practice(practice: Practice) -> dict[str, object]:
    """One practice of the directory."""
    return {
        "npi": practice.npi,
        "name": practice.name,
        "phone": practice.phone,
        "after_hours_phone": practice.after_hours_phone,
        "fax": practice.fax,
        "direct_address": practice.direct_address,
    }


class OrderListView(APIView):
    """GET an episode's orders; POST a clinician's signature."""

    permission = {"GET": Permission.READ_EPISODES, "POST": Permission.SIGN_ORDERS}

    @documented("The orders of an episode, the last one first.")
    def get(self, request: Request, pk: int) -> Response:
        """Return them, amended ones too."""
        patient_id = Episode.objects.filter(pk=pk).values_list("patient_id", flat=True).first()
        if patient_id is not None:
            read_chart(caller(request), patient_id=patient_id, page=ChartPage.ORDERS, episode_id=pk, api=True)
        return Response({"results": [as_order(order) for order in orders_of(pk)]})

    @documented("Sign the order of a scan, or amend the signed one with a reason.", body=SigningBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Sign; the step that asked for it ends."""
        signing = Signing(**body(SigningBody, request))
        return Response(as_order(sign_order(caller(request), episode_id=pk, signing=signing)), status=201)


class OrderReceivedView(APIView):
    """POST: the referring clinician's signed order is here."""

    permission = Permission.REFER

    @documented("Record the referring clinician's signed order.", body=ReceivedBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Keep who signed, with the NPI; the step that asked for it ends."""
        received = Received(**body(ReceivedBody, request))
        return Response(as_order(receive_order(caller(request), episode_id=pk, received=received)), status=201)


class PracticeListView(APIView):
    """GET: practices by the first digits of their NPI."""

    permission = Permission.REFER

    @documented("Practices whose NPI begins so.", query=("npi",))
    def get(self, request: Request) -> Response:
        """Return at most ten."""
        found = practices_like(query(PracticeQuery, request)["npi"])
        return Response({"results": [as_practice(practice) for practice in found]})
