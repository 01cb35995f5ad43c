"""The form fields of Twilio's webhooks.

Sources: twilio.com/docs/messaging/guides/webhook-request and /track-outbound-message-status.
"""

from notifications.local_twilio.message import API_VERSION, Message
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
