"""Errors as Twilio words them, and the test numbers that always meet one.

Codes and meanings: twilio.com/docs/api/errors; magic numbers: twilio.com/docs/iam/test-credentials.
"""

from dataclasses import dataclass

from notifications.local_twilio.web import Response, as_json

MEANINGS = {
    12100: (400, "Document parse failure"),
    20001: (400, "Invalid parameter"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21201: (400, "No 'To' number specified"),
    21205: (400, "Url parameter is required."),
    21211: (400, "The 'To' number is not a valid phone number."),
    21212: (400, "The 'From' number is not a valid phone number."),
    21213: (400, "Caller phone number is required"),
    21214: (400, "'To' phone number cannot be reached"),
    21215: (403, "Account not authorized to call this number."),
    21216: (403, "Account not allowed to call this number."),
    21217: (400, "Phone number does not appear to be valid"),
    21408: (
        403,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number.",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' number is not a valid, SMS-capable inbound phone number of this account.",
    ),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (
        400,
        "The 'From' number has exceeded the maximum number of queued messages",
    ),
    21612: (
        400,
        "The message cannot be sent with the current combination of 'To' and 'From' parameters.",
    ),
    21614: (400, "The 'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21701: (400, "The Messaging Service does not exist"),
    30002: (400, "Account suspended"),
    35114: (400, "Scheduling does not support this timestamp"),
    90007: (400, "Invalid validity period value"),
}

MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
#: The same numbers when they are called.
UNCALLABLE = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
MAGIC_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that Twilio refuses, by its error code."""

    code: int

    def response(self) -> Response:
        """The error as Twilio's envelope."""
        return error_response(self.code)


def error_response(code: int) -> Response:
    """The envelope of one code; codes without an entry of their own answer 400."""
    status, message = MEANINGS.get(code, (400, f"Error {code}"))
    envelope = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return as_json(envelope, status)


def gateway_failure(status: int) -> Response:
    """A failure of what stands before Twilio's API, which does not answer in JSON."""
    return Response(status, f"<html><body><h1>{status}</h1></body></html>".encode(), "text/html")
