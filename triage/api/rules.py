"""The rule set over the API: which one runs here, and who has approved it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from triage.models import RuleApproval, Verdict
from triage.rules import RULES_VERSION, fingerprint
from triage.selectors import approval_in_force
from triage.services.approving import STATEMENT_LENGTH, sign


class SignatureBody(serializers.Serializer[Any]):
    """What a physician signs: the rules by version and fingerprint, the verdict, and their words."""

    version = serializers.CharField(max_length=20)
    fingerprint = serializers.CharField(max_length=64)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    statement = serializers.CharField(max_length=STATEMENT_LENGTH)


class RulesView(APIView):
    """GET the rule set that runs here; POST a physician's signature under it."""

    permission = {"GET": Permission.READ_RULES, "POST": Permission.APPROVE_RULES}

    @documented("The rule set that runs here, and its approval.")
    def get(self, request: Request) -> Response:
        """Return version, fingerprint and the approval in force."""
        return Response(_as_rules(approval_in_force()))

    @documented("Approve the rule set, or withdraw the approval.", body=SignatureBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Sign, and return what is in force then."""
        given = body(SignatureBody, request)
        sign(
            caller(request),
            verdict=Verdict(given["verdict"]),
            version=given["version"],
            text_fingerprint=given["fingerprint"],
            statement=given["statement"],
        )
        return Response(_as_rules(approval_in_force()), status=201)


def _as_rules(approval: RuleApproval | None) -> dict[str, object]:
    return {
        "version": RULES_VERSION,
        "fingerprint": fingerprint(),
        "approved": approval is not None,
        "approval": {"by": str(approval.by), "at": approval.at, "statement": approval.statement} if approval else None,
    }
