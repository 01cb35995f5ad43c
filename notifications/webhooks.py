"""Twilio's ways in. A request proves itself by its signature; it is stored, answered with 204, and handled later.

The signed address is built from the configured public base, never from what a proxy says of the request.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from clinic.api.problems import MEDIA_TYPE, document
from clinic.errors import DomainError, Forbidden, Invalid
from clinic.phones import E164
from notifications.receipt_rank import CALL, KEYS, known
from notifications.services import hearing, settling, speaking

SID = re.compile(r"^(SM|MM)[0-9a-f]{32}$")
CALL_SID = re.compile(r"^CA[0-9a-f]{32}$")
#: Who the provider may find to have taken a call (Twilio: answering machine detection).
ANSWERED_BY = re.compile(r"^(human|fax|unknown|machine_(start|end_beep|end_silence|end_other))$")
#: What a door has to say: nothing, or how a call goes on.
Door = Callable[[HttpRequest], str | None]


def _signed(request: HttpRequest) -> bool:
    url = f"{settings.PUBLIC_BASE_URL}{request.get_full_path()}"
    signature = request.headers.get("X-Twilio-Signature", "")
    return bool(RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(url, request.POST.dict(), signature))


def _webhook(door: Door) -> Callable[[HttpRequest], HttpResponse]:
    """Let only signed requests in, and answer 204, what a call is to say, or a problem document."""

    @csrf_exempt
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        try:
            if not settings.TWILIO_AUTH_TOKEN or not _signed(request):
                raise Forbidden("This request is not signed by the provider.", code="signature_invalid")
            words = door(request)
        except DomainError as error:
            return JsonResponse(document(error), status=error.status, content_type=MEDIA_TYPE)
        return HttpResponse(status=204) if words is None else HttpResponse(words, content_type="text/xml")

    return view


def _sid(request: HttpRequest) -> str:
    sid = request.POST.get("MessageSid", "")
    if not SID.match(sid):
        raise Invalid(fields={"MessageSid": "This is not the id of a message."})
    return sid


def _receipt(request: HttpRequest) -> None:
    sid, status = _sid(request), request.POST.get("MessageStatus", "")
    if not known(status):
        raise Invalid(fields={"MessageStatus": "This status is not known."})
    settling.receive(attempt_id=_attempt(request), sid=sid, status=status, code=request.POST.get("ErrorCode", ""))


def _call_receipt(request: HttpRequest) -> None:
    sid, status = _call_sid(request), request.POST.get("CallStatus", "")
    if not known(status, CALL):
        raise Invalid(fields={"CallStatus": "This status is not known."})
    settling.receive(attempt_id=_attempt(request), sid=sid, status=status, code="")


def _call_sid(request: HttpRequest) -> str:
    sid = request.POST.get("CallSid", "")
    if not CALL_SID.match(sid):
        raise Invalid(fields={"CallSid": "This is not the id of a call."})
    return sid


def _call(request: HttpRequest) -> str:
    """Somebody, or a machine, has taken a call of ours: what does it say?"""
    sid, by = _call_sid(request), request.POST.get("AnsweredBy", "unknown")
    if not ANSWERED_BY.match(by):
        raise Invalid(fields={"AnsweredBy": "This is not known to take calls."})
    attempt = _attempt(request)
    return speaking.answered(attempt_id=attempt, sid=sid, answered_by=by, keys_at=_keys_at(attempt))


def _keys(request: HttpRequest) -> str:
    """Somebody has pressed a key."""
    sid, key = _call_sid(request), request.POST.get("Digits", "")
    if key not in KEYS:
        raise Invalid(fields={"Digits": "This is not one key."})
    attempt = _attempt(request)
    return speaking.pressed(attempt_id=attempt, sid=sid, key=key, keys_at=_keys_at(attempt))


def _keys_at(attempt: int | None) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse('twilio-call-keys')}?attempt={attempt}"


def _attempt(request: HttpRequest) -> int | None:
    """The attempt that our own address names, if it does."""
    attempt = request.GET.get("attempt", "")
    if attempt and not (attempt.isdecimal() and len(attempt) <= 18):
        raise Invalid(fields={"attempt": "This is not the id of an attempt."})
    return int(attempt) if attempt else None


def _reply(request: HttpRequest) -> None:
    sid, phone = _sid(request), request.POST.get("From", "")
    if not E164.match(phone):
        raise Invalid(fields={"From": "This is not a telephone number."})
    hearing.store(
        sid=sid,
        phone=phone,
        body=request.POST.get("Body", ""),
        opt_out_type=request.POST.get("OptOutType", ""),
        media=_media(request),
    )


def _media(request: HttpRequest) -> int:
    """How many pictures came with a text. They stay with the provider: only that they are there is kept."""
    given = request.POST.get("NumMedia", "")
    return min(int(given), 99) if given.isdecimal() and len(given) <= 4 else 0


status = _webhook(_receipt)
call_status = _webhook(_call_receipt)
call = _webhook(_call)
call_keys = _webhook(_keys)
inbound = _webhook(_reply)
