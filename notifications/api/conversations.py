"""Conversations by text over the API: who waits, a number's thread, and an answer in a colleague's name."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.presenters import as_patient
from clinic.api.reading import body, caller
from clinic.api.schema import documented
from clinic.errors import NotFound
from clinic.models import ChartPage, Consent
from clinic.selectors.patients import found_patient
from clinic.services.charts import read_chart
from notifications.api.messages import as_message
from notifications.models import Conversation, Inbound, Message
from notifications.selectors.conversations import Thread, Waiting, patients_of, thread_of, waiting_conversations
from notifications.services import conversing


class ConverseBody(serializers.Serializer[object]):
    """With whom."""

    patient = serializers.IntegerField(min_value=1, max_value=2**62)


class SeenBody(serializers.Serializer[object]):
    """The id of the last text that was read; 0 where there was none. Where it is not given, all counts as read."""

    seen = serializers.IntegerField(min_value=0, max_value=2**62, required=False, allow_null=True, default=None)


class TextBody(SeenBody):
    """What is said, and for which of those who share the number, where more than one does.

    What came after the last text that was ``seen`` waits on.
    """

    words = serializers.CharField(max_length=4000, trim_whitespace=False, allow_blank=True)
    patient = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)


def as_inbound(inbound: Inbound) -> dict[str, object]:
    """A text that came in, and what became of it."""
    return {
        "id": inbound.pk,
        "received_at": inbound.received_at,
        "words": inbound.body,
        "pictures": inbound.media,
        "understood_as": inbound.handled_as,
        "answered_with": inbound.answer,
        "urgent": inbound.urgent,
        "waits_for_person": inbound.waits_for_person and inbound.attended_at is None,
        "attended_at": inbound.attended_at,
        "attended_as": inbound.attended_as,
        "attended_by": _staff(inbound.attended_by),
    }


def as_sent(message: Message, thread: Thread) -> dict[str, object]:
    """A message to the number; with its words and their author where a colleague typed them."""
    typed = thread.typed.get(message.about_id) if message.about_kind == "typed" else None
    words = {"words": typed.words, "author": _staff(typed.author)} if typed else {"words": None, "author": None}
    return {**as_message(message), **words, "patient": message.patient_id}


def as_consent(consent: Consent) -> dict[str, object]:
    """One word on texts."""
    return {"granted": consent.granted, "channel": consent.channel, "at": consent.at}


def as_thread(thread: Thread) -> dict[str, object]:
    """A whole conversation."""
    return {
        "id": thread.conversation.pk,
        "phone": thread.conversation.phone,
        "patients": [as_patient(patient) for patient in thread.patients],
        "consent": as_consent(thread.consents[0]) if thread.consents else None,
        "steps": [step.pk for step in thread.steps],
        "received": [as_inbound(inbound) for inbound in thread.inbounds],
        "sent": [as_sent(message, thread) for message in thread.messages],
    }


def as_waiting(waiting: Waiting) -> dict[str, object]:
    """A conversation that waits, as the list names it."""
    return {
        "id": waiting.conversation.pk,
        "phone": waiting.conversation.phone,
        "since": waiting.since,
        "urgent": waiting.urgent,
        "texts": waiting.count,
        "last": as_inbound(waiting.last),
        "patients": [patient.pk for patient in waiting.patients],
    }


def _staff(staff: object) -> dict[str, object] | None:
    return {"id": getattr(staff, "pk", None), "name": str(staff)} if staff is not None else None


def _read_charts_of(request: Request, phone: str) -> None:
    """Write down whose charts a thread opens, before anything is done or shown; or refuse it."""
    for patient in patients_of(phone):
        read_chart(caller(request), patient_id=patient.pk, page=ChartPage.CONVERSATION, api=True)


def _found(pk: int) -> Conversation:
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


class ConversationListView(APIView):
    """GET who waits for an answer; POST to come to the conversation of a patient."""

    permission = Permission.READ_CONVERSATIONS

    @documented(
        "Conversations that wait for a person: emergencies first, then the oldest.", operation="conversations_list"
    )
    def get(self, request: Request) -> Response:
        """Return the conversations that wait."""
        return Response({"results": [as_waiting(each) for each in waiting_conversations()]})

    @documented("The conversation of a patient's number.", body=ConverseBody)
    @idempotent
    def post(self, request: Request) -> Response:
        """Return it, with all that was said; it is made once."""
        patient = found_patient(body(ConverseBody, request)["patient"])
        _read_charts_of(request, patient.phone or "")
        return Response(as_thread(thread_of(conversing.converse_with(caller(request), patient_id=patient.pk))))


class ConversationView(APIView):
    """GET one conversation."""

    permission = Permission.READ_CONVERSATIONS

    @documented("A number's whole thread: texts in both directions, delivery, consent, and who shares the number.")
    def get(self, request: Request, pk: int) -> Response:
        """Return the thread."""
        conversation = _found(pk)
        _read_charts_of(request, conversation.phone)
        return Response(as_thread(thread_of(conversation)))


class ConversationTextView(APIView):
    """POST a text in one's own words."""

    permission = Permission.CONVERSE

    @documented("Answer in a conversation, in one's own words and name.", body=TextBody, status=201)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Owe the text, and end what waits for it."""
        said = body(TextBody, request)
        typed = conversing.say(
            caller(request),
            conversation_id=pk,
            words=said["words"],
            patient_id=said["patient"],
            seen=said["seen"],
        )
        owed = Message.objects.get(about_kind="typed", about_id=typed.pk)
        return Response(
            {
                "id": typed.pk,
                "words": typed.words,
                "author": _staff(typed.author),
                "message": owed.pk,
                "status": owed.status,
                "due_at": owed.due_at,
            },
            status=201,
        )


class ConversationHandledView(APIView):
    """POST that what waits in a conversation is taken care of."""

    permission = Permission.CONVERSE

    @documented("Say that what waits in a conversation is taken care of.", body=SeenBody)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End what waits; 409 where more came after the last text that was seen."""
        seen = body(SeenBody, request)["seen"]
        _read_charts_of(request, _found(pk).phone)
        found = conversing.mark_handled(caller(request), conversation_id=pk, seen=seen)
        return Response(as_thread(thread_of(found)))
