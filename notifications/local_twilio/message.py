"""A text as the local Twilio keeps it, and as the API shows it."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from notifications.segments import segment_count

API_VERSION = "2010-04-01"
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})


@dataclass(frozen=True)
class Message:
    """One text in either direction. Times are UTC; `sender` is None until a messaging service has chosen one."""

    sid: str
    account_sid: str
    direction: str
    to: str
    sender: str | None
    body: str
    status: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    service_sid: str | None = None
    status_callback: str | None = None
    send_at: datetime | None = None
    error_code: int | None = None

    @property
    def phone(self) -> str | None:
        """The number of the patient's end of the conversation."""
        return self.sender if self.direction == "inbound" else self.to

    @property
    def is_final(self) -> bool:
        """True when no later status will come."""
        return self.status in FINAL

    def moved(self, status: str, at: datetime, error_code: int | None = None) -> "Message":
        """The same text one status later."""
        sent_at = self.sent_at or (at if status in {"sent", "delivered", "undelivered", "failed"} else None)
        return replace(self, status=status, updated_at=at, sent_at=sent_at, error_code=error_code)

    def resource(self) -> dict[str, Any]:
        """The resource `api.v2010.account.message` of Twilio's API description."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc_2822(self.created_at),
            "date_sent": rfc_2822(self.sent_at) if self.sent_at else None,
            "date_updated": rfc_2822(self.updated_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": str(segment_count(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def to_line(self) -> dict[str, Any]:
        """The text as one JSON object of the journal."""
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}

    @classmethod
    def from_line(cls, line: dict[str, Any]) -> "Message":
        """The text that `to_line` wrote."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in line.items() if name in known}
        for name in ("created_at", "updated_at", "sent_at", "send_at"):
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)


def new_sid(prefix: str = "SM") -> str:
    """A fresh identifier in Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex


def rfc_2822(at: datetime) -> str:
    """A time as Twilio writes it, such as `Thu, 24 Aug 2023 05:01:45 +0000`."""
    return format_datetime(at.astimezone(UTC))
