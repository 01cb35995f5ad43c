"""Check exchanges with the Messages API against Twilio's own published description of it.

The description (OpenAPI, about 1 MB) is not part of this repository. It is looked for at RULEOUT_TWILIO_DESCRIPTION,
else beside the checkout in ../shared/data/twilio_api_v2010.json. Without it the checks are skipped, and say so; where
RULEOUT_REQUIRE_CONTRACT=1 is set, its absence is a failure.

An exchange is what `GET /_local/exchanges` of the local Twilio lists. The description is laxer than it looks: it
requires no field of a response and forbids no unknown one, so names are compared as well.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

HOST = "https://api.twilio.com"
ACCOUNTS = "/2010-04-01/Accounts/{AccountSid}/"
BESIDE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data" / "twilio_api_v2010.json"

Exchange = Mapping[str, Any]


class ContractBroken(AssertionError):
    """A request or a response is not as Twilio describes it."""


def description_path() -> Path:
    """Where the description is expected."""
    return Path(os.environ.get("RULEOUT_TWILIO_DESCRIPTION") or BESIDE_CHECKOUT)


def require_description() -> None:
    """Skip the test without the description, or fail it where the contract is required."""
    if description_path().is_file():
        return
    why = f"Twilio's API description is not at {description_path()} (RULEOUT_TWILIO_DESCRIPTION names another place)"
    if os.environ.get("RULEOUT_REQUIRE_CONTRACT") == "1":
        pytest.fail(why)
    pytest.skip(why)


@cache
def description() -> dict[str, Any]:
    """The description as published."""
    loaded: dict[str, Any] = json.loads(description_path().read_text(encoding="utf-8"))
    return loaded


@cache
def contract() -> OpenAPI:
    """The description, ready to check with; only the paths under an account that we speak, to load quickly."""
    spoken = ("Messages", "Calls")
    paths = {
        path: item
        for path, item in description()["paths"].items()
        if path.startswith(ACCOUNTS) and path.removeprefix(ACCOUNTS).startswith(spoken)
    }
    formats: dict[str, Callable[[Any], bool]] = {"date-time-rfc-2822": is_rfc_2822}
    return OpenAPI.from_dict({**description(), "paths": paths}, config=Config(extra_format_validators=formats))


def is_rfc_2822(value: Any) -> bool:
    """True for a time such as `Thu, 24 Aug 2023 05:01:45 +0000`."""
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return False
    return bool(value == at.strftime("%a, %d %b %Y %H:%M:%S +0000"))


def check_all(exchanges: Iterable[Exchange], *, requests_are_valid: bool = True) -> int:
    """Check every exchange; how many there were. `requests_are_valid`: no request may break the contract either."""
    require_description()
    listed = list(exchanges)
    for exchange in listed:
        check(exchange, request_is_valid=requests_are_valid)
    return len(listed)


def check(exchange: Exchange, *, request_is_valid: bool = True) -> None:
    """Raise ContractBroken if the request or the response is not as described.

    Errors are not in the description: their envelope is checked by its documented form. An exchange without an answer
    has only a request to check.
    """
    path, operation = _operation(exchange)
    request = _request(exchange)
    status = exchange["status"]
    try:
        if request_is_valid:
            _check_names(exchange, operation)
            contract().validate_request(request)
        if status is not None and status < 300:
            contract().validate_response(request, _response(exchange))
            _check_complete(operation, status, json.loads(exchange["response"]))
        elif status is not None and exchange["content_type"] == "application/json":
            _check_envelope(status, json.loads(exchange["response"]))
    except OpenAPIError as error:
        detail = "; ".join(str(e) for e in getattr(error.__cause__, "schema_errors", ())) or error.__cause__ or ""
        raise ContractBroken(f"{exchange['method']} {path} -> {status}: {error} {detail}") from error


def _operation(exchange: Exchange) -> tuple[str, dict[str, Any]]:
    parts = urlsplit(exchange["url"]).path.split("/")
    for path, item in contract().spec.read_value()["paths"].items():
        pattern = path.split("/")
        same = len(pattern) == len(parts) and all(
            _fits(wanted, given) for wanted, given in zip(pattern, parts, strict=True)
        )
        if same and exchange["method"].lower() in item:
            return path, item[exchange["method"].lower()]
    raise ContractBroken(f"Twilio describes no {exchange['method']} {exchange['url']}")


def _fits(wanted: str, given: str) -> bool:
    if not wanted.startswith("{"):
        return wanted == given
    return given.endswith(wanted.partition("}")[2]) and given != ""


def _request(exchange: Exchange) -> MockRequest:
    url = urlsplit(exchange["url"])
    return MockRequest(
        HOST,
        exchange["method"],
        unquote(url.path),
        args=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={**exchange["headers"], "Authorization": "Basic checked-by-the-server"},
        data=exchange["body"].encode(),
        content_type=exchange["headers"].get("content-type", ""),
    )


def _response(exchange: Exchange) -> MockResponse:
    return MockResponse(exchange["response"].encode(), exchange["status"], content_type=exchange["content_type"])


def _check_names(exchange: Exchange, operation: dict[str, Any]) -> None:
    known = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
    given = {name for name, _ in parse_qsl(urlsplit(exchange["url"]).query, keep_blank_values=True)}
    form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded")
    known_fields = set(form["schema"]["properties"]) if form else set()
    fields = {name for name, _ in parse_qsl(exchange["body"], keep_blank_values=True)}
    unknown = sorted((given - known) | (fields - known_fields))
    if unknown:
        raise ContractBroken(f"{exchange['method']} {exchange['url']}: Twilio knows no {', '.join(unknown)}")


def _check_complete(operation: dict[str, Any], status: int, content: dict[str, Any]) -> None:
    """Every described field is there, and no other: also in the items of a list."""
    schema = _resolved(operation["responses"][str(status)]["content"]["application/json"]["schema"])
    _check_same_names(schema, content)
    for name, part in schema["properties"].items():
        if part.get("type") == "array":
            for item in content[name]:
                _check_same_names(_resolved(part["items"]), item)


def _check_same_names(schema: dict[str, Any], content: dict[str, Any]) -> None:
    described, given = set(schema["properties"]), set(content)
    if described != given:
        raise ContractBroken(f"missing: {sorted(described - given)}; not described: {sorted(given - described)}")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    named: dict[str, Any] = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named


def _check_envelope(status: int, content: dict[str, Any]) -> None:
    as_documented = (
        set(content) == {"code", "message", "more_info", "status"}
        and content["status"] == status
        and isinstance(content["code"], int)
        and content["more_info"] == f"https://www.twilio.com/docs/errors/{content['code']}"
        and isinstance(content["message"], str)
    )
    if not as_documented:
        raise ContractBroken(f"not Twilio's error envelope: {content}")
