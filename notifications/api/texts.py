"""The words of the texts over the API: how each reads at its longest, and who has approved it; approve some."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.models import Language
from notifications.segments import segment_count
from notifications.selectors.approvals import TemplateStanding, standing_of_templates
from notifications.services.approving import MOST_REASON, approve, withdraw
from notifications.texts_document import when_of
from notifications.wording import CALLED, LANGUAGES, LONGEST, SPOKEN, VARIABLES, VERSION_LENGTH, fill, template

#: No longer than the product's own list.
MOST = len(LANGUAGES) * len(VARIABLES | CALLED)


class NamedText(serializers.Serializer[Any]):
    """One template in one language, in the version that was read."""

    template = serializers.CharField(max_length=32)
    language = serializers.ChoiceField(choices=Language.choices)
    version = serializers.CharField(max_length=VERSION_LENGTH)


class WithdrawalBody(NamedText):
    """Whose approval is taken back, and why."""

    reason = serializers.CharField(max_length=MOST_REASON)


class ApprovalBody(serializers.Serializer[Any]):
    """What is approved."""

    texts = serializers.ListField(child=NamedText(), allow_empty=False, max_length=MOST)


def as_text(standing: TemplateStanding) -> dict[str, object]:
    """One template in one language."""
    name, language = standing.name, standing.language
    longest, approval, ended = fill(name, language, LONGEST), standing.approval, standing.withdrawal
    purpose, when = when_of(name)
    return {
        "template": name,
        "language": language,
        "version": standing.version,
        "purpose": purpose,
        "when": when,
        "spoken": name in SPOKEN,
        "words": template(name, language),
        "longest": longest,
        "characters": len(longest),
        "segments": None if name in SPOKEN else segment_count(longest),
        "approved": approval is not None,
        "approval": {"by": str(approval.by), "role": approval.signer_role, "at": approval.at} if approval else None,
        "withdrawn": {"by": str(ended.by), "reason": ended.reason, "at": ended.at} if ended else None,
    }


def as_texts() -> dict[str, object]:
    """All of them."""
    texts = [as_text(each) for each in standing_of_templates()]
    return {"waiting": sum(not text["approved"] for text in texts), "texts": texts}


class TextListView(APIView):
    """GET the words of the texts."""

    permission = Permission.READ_TEXTS

    @documented("Every text and part of a call in both languages: at its longest, its version, and its approval.")
    def get(self, request: Request) -> Response:
        """Return them in the order of `docs/texts.md`."""
        return Response(as_texts())


class TextApproveView(APIView):
    """POST an approval of words."""

    permission = Permission.APPROVE_TEXTS

    @documented("Approve texts, each in a language and in the version that was read.", body=ApprovalBody, status=201)
    @idempotent
    def post(self, request: Request) -> Response:
        """Approve them; 409 where the words are others by now, or are approved already."""
        named = body(ApprovalBody, request)["texts"]
        approve(caller(request), texts={(each["template"], each["language"]): each["version"] for each in named})
        return Response(as_texts(), status=201)


class TextWithdrawView(APIView):
    """POST that an approval is taken back."""

    permission = Permission.APPROVE_TEXTS

    @documented("Take the approval of a text's present words back, with the reason.", body=WithdrawalBody)
    @idempotent
    def post(self, request: Request) -> Response:
        """Withdraw it; 409 where the words are others by now, or have no approval."""
        named = body(WithdrawalBody, request)
        text = (named["template"], named["language"])
        withdraw(caller(request), text=text, version=named["version"], reason=named["reason"])
        return Response(as_texts())
