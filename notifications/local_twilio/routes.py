"""Which request goes where."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from notifications.local_twilio import control, phones
from notifications.local_twilio.calling import create_call
from notifications.local_twilio.creation import create_message
from notifications.local_twilio.envelope import Refusal, error_response
from notifications.local_twilio.listing import fetch_call, fetch_message, list_calls, list_messages
from notifications.local_twilio.message import API_VERSION
from notifications.local_twilio.network import Network
from notifications.local_twilio.web import Request, Response

API = re.compile(rf"/{API_VERSION}/Accounts/(?P<account>[^/]+)/(?P<resource>.+)\.json")
REPLY = re.compile(r"/_local/phones/([^/]+)/reply")
ON_THE_PHONE = re.compile(r"/_local/calls/(CA[0-9a-f]{32})/(answer|mailbox|decline|press|hang-up)")

#: What the API knows: how one is fetched, how they are listed, how one is created.
RESOURCES = {
    "Messages": (fetch_message, list_messages, create_message),
    "Calls": (fetch_call, list_calls, create_call),
}
LOCAL: dict[str, dict[str, Callable[[Request, Network], Response]]] = {
    "/healthz": {"GET": control.health},
    "/_local/messages": {"GET": control.messages},
    "/_local/calls": {"GET": control.calls},
    "/_local/exchanges": {"GET": control.exchanges},
    "/_local/deliveries": {"GET": control.deliveries},
    "/_local/faults": {"POST": control.set_faults},
    "/_local/latency": {"POST": control.set_pace},
    "/_local/reset": {"POST": control.reset},
    "/phones": {"GET": phones.page},
    "/phones.css": {"GET": phones.stylesheet},
    "/phones.js": {"GET": phones.script},
    "/": {"GET": phones.front},
}


def answer(request: Request, network: Network) -> Response:
    """The response to any request."""
    if request.path.startswith(f"/{API_VERSION}/"):
        try:
            return _api(request, network)
        except Refusal as refusal:
            return refusal.response()
    if request.method == "POST" and not _same_origin(request):
        return control.rejected("this request comes from another site", 403)
    if (found := REPLY.fullmatch(request.path)) and request.method == "POST":
        return control.reply(unquote(found[1]), request, network)
    if (found := ON_THE_PHONE.fullmatch(request.path)) and request.method == "POST":
        return control.on_the_phone(found[1], found[2], request, network)
    methods = LOCAL.get(request.path)
    if methods is None:
        return control.rejected("no such page", 404)
    view = methods.get(request.method)
    return view(request, network) if view else control.rejected(f"only {', '.join(methods)}", 405)


def _api(request: Request, network: Network) -> Response:
    if not network.account.authorizes(request.headers.get("authorization")):
        return error_response(20003)
    found = API.fullmatch(request.path)
    if found is None or found["account"] != network.account.sid:
        raise Refusal(20404)
    resource, _, sid = found["resource"].partition("/")
    if resource not in RESOURCES or "/" in sid:
        raise Refusal(20404)
    fetch, listed, create = RESOURCES[resource]
    if sid and request.method == "GET":
        return fetch(sid, network)
    if not sid and request.method == "GET":
        return listed(request, network)
    if not sid and request.method == "POST":
        return create(request, network)
    raise Refusal(20004)


def _same_origin(request: Request) -> bool:
    """A page of another site in the same browser must not act here."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
