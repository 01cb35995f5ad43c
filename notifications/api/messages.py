"""What was texted to a patient, over the API. No text is shown: none is kept."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.schema import documented
from notifications.models import Message
from notifications.selectors.messages import of_patient


def as_message(message: Message) -> dict[str, object]:
    """A message with its attempts and receipts."""
    return {
        "id": message.pk,
        "purpose": message.purpose,
        "status": message.status,
        "language": message.language,
        "due_at": message.due_at,
        "sent_at": message.sent_at,
        "ended_at": message.ended_at,
        "code": message.end_code,
        "episode": message.episode_id,
        "about": {"kind": message.about_kind, "id": message.about_id},
        "attempts": len(message.tries.all()),
        "receipts": [
            {"status": receipt.status, "code": receipt.code, "at": receipt.at}
            for attempt in message.tries.all()
            for receipt in attempt.receipts.all()
        ],
    }


class MessageListView(APIView):
    """GET a patient's messages."""

    permission = Permission.READ_MESSAGES

    @documented("What was texted to a patient, and what became of it.", query=("patient",))
    def get(self, request: Request) -> Response:
        """Return the messages, newest first."""
        found = of_patient(request.query_params.get("patient", ""))
        return Response({"results": [as_message(message) for message in found]})
