"""What was texted to a patient, and who was paged about a step, over the API. No text is shown: none is kept."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission, require
from clinic.api.reading import caller
from clinic.api.schema import documented
from clinic.errors import Invalid
from clinic.models import ChartPage
from clinic.services.charts import read_chart
from notifications.models import Message
from notifications.selectors.messages import about_step, of_patient


def as_message(message: Message) -> dict[str, object]:
    """A message with its attempts and receipts."""
    return {
        "id": message.pk,
        "purpose": message.purpose,
        "channel": message.channel,
        "staff": {"id": message.staff_id, "name": str(message.staff)} if message.staff else None,
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
    """GET a patient's messages, or the pages about a step."""

    permission = Permission.READ_MESSAGES

    @documented(
        "What was texted to a patient, or who was paged about a step, and what became of it.",
        query=("patient", "step"),
    )
    def get(self, request: Request) -> Response:
        """Return the messages of a patient, newest first; or the pages about a step, to who may see them, in order."""
        patient, step = (request.query_params.get(name, "") for name in ("patient", "step"))
        if patient and step:
            raise Invalid(fields={"step": "Name a patient or a step, not both."})
        if step:
            require(caller(request), Permission.READ_PAGES)
        found = about_step(step) if step else of_patient(patient)
        if not step and found:
            read_chart(caller(request), patient_id=int(patient), page=ChartPage.TEXTS, api=True)
        return Response({"results": [as_message(message) for message in found]})
