"""The carrier's way in: what became of a job. A request proves itself by an HMAC of its body."""

import hashlib
import hmac
import re
import uuid

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinic.api.problems import MEDIA_TYPE, document
from clinic.errors import DomainError, Forbidden, Invalid, NotFound
from notifications.carrier.base import STATUSES
from notifications.documents import settling
from notifications.models import Delivery

SIGNATURE = "X-Document-Signature"
LONGEST_BODY = 10_000
_KEY = re.compile(r"^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9][0-9]?)$")


def signature_of(body: bytes, token: str) -> str:
    """Return what the carrier puts beside a body: ``sha256=`` and an HMAC by the token that both know."""
    return "sha256=" + hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Keep what the carrier says of a job; said again it changes nothing."""
    try:
        _require_signed(request)
        key, status, code = _read(request.body)
        delivery_key, job = key
        delivery = Delivery.objects.filter(key=delivery_key, job__gte=job).first()
        if delivery is None:
            raise NotFound("No such document.")
        settling.receive(delivery_id=delivery.pk, job=job, status=status, code=code)
    except DomainError as error:
        return JsonResponse(document(error), status=error.status, content_type=MEDIA_TYPE)
    return HttpResponse(status=204)


def _require_signed(request: HttpRequest) -> None:
    token, given = settings.DOCUMENT_CARRIER_TOKEN, request.headers.get(SIGNATURE, "")
    too_long = int(request.headers.get("Content-Length") or 0) > LONGEST_BODY
    signed = (
        bool(token)
        and not too_long
        and hmac.compare_digest(signature_of(request.body, token).encode(), given.encode("utf-8", "replace"))
    )
    if not signed:
        raise Forbidden("This request is not signed by the carrier.", code="signature_invalid")


def _read(body: bytes) -> tuple[tuple[uuid.UUID, int], str, str]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(fields={"body": "This is not JSON."}) from error
    if not isinstance(said, dict):
        raise Invalid(fields={"body": "This is not an object."})
    key = _KEY.match(str(said.get("key", "")))
    if key is None:
        raise Invalid(fields={"key": "This is not the key of a document."})
    status = str(said.get("status", ""))
    if status not in STATUSES:
        raise Invalid(fields={"status": "This status is not known."})
    code = str(said.get("code") or "").replace("\0", "")
    return (uuid.UUID(key[1]), int(key[2])), status, code
