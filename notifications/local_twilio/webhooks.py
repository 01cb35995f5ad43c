"""The form fields of Twilio's webhooks.

Sources: twilio.com/docs/messaging/guides/webhook-request and /track-outbound-message-status;
twilio.com/docs/voice/api/call-resource, "StatusCallback request parameters".
"""

from notifications.local_twilio.call import FINAL, Call
from notifications.local_twilio.message import API_VERSION, Message, rfc_2822
from notifications.local_twilio.receipts import Report
from notifications.segments import segment_count


def status_fields(message: Message, report: Report) -> dict[str, str]:
    """What a status callback says of a text."""
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender or "",
        "MessageSid": message.sid,
        "MessageStatus": report.status,
        "SmsSid": message.sid,
        "SmsStatus": report.status,
        "To": message.to,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if report.error_code is not None:
        fields["ErrorCode"] = str(report.error_code)
    return fields


def call_fields(call: Call, report: Report) -> dict[str, str]:
    """What a status callback says of a call."""
    fields = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": report.status,
        "CallbackSource": "call-progress-events",
        "Called": call.to,
        "Caller": call.sender,
        "Direction": "outbound-api",
        "From": call.sender,
        "SequenceNumber": str(report.number),
        "Timestamp": rfc_2822(call.updated_at),
        "To": call.to,
    }
    if report.status in FINAL:
        fields["CallDuration"] = str(call.seconds or 0)
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    return fields


def voice_fields(call: Call, more: dict[str, str]) -> dict[str, str]:
    """What is said of a call where its receiver is asked what it is to say; `more`: the keys that were pressed.

    Source: twilio.com/docs/voice/twiml, "TwiML voice: request parameters", and answering machine detection.
    """
    fields = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": "in-progress",
        "Called": call.to,
        "Caller": call.sender,
        "Direction": "outbound-api",
        "From": call.sender,
        "To": call.to,
    }
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    return fields | more


def inbound_fields(message: Message, opt_out_type: str | None) -> dict[str, str]:
    """What the webhook says of a reply."""
    fields = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.sender or "",
        "FromCountry": "US",
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(segment_count(message.body)),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
        "ToCountry": "US",
    }
    if opt_out_type:
        fields["OptOutType"] = opt_out_type
    return fields
