"""A call as the local Twilio keeps it, and as the API shows it."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from notifications.local_twilio.message import API_VERSION, rfc_2822

FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
#: Statuses of a telephone that was dialed.
_DIALED = FINAL - {"canceled"} | {"ringing", "in-progress"}
_TIMES = ("created_at", "updated_at", "started_at", "answered_at", "ended_at")


@dataclass(frozen=True)
class Call:
    """One call to a phone. `said` is what whoever answers hears; `told` names the events that callbacks tell of.

    What is said comes with the call, or is asked for at `url` once it is answered. `detects`: whether the account wants
    to know who answered. `rings_s` is how long it may ring.
    """

    sid: str
    account_sid: str
    to: str
    sender: str
    said: str
    status: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    status_callback: str | None = None
    told: tuple[str, ...] = ("completed",)
    url: str | None = None
    detects: bool = False
    answered_by: str | None = None
    rings_s: int = 60
    pressed: str = ""

    @property
    def phone(self) -> str:
        """The number that is called."""
        return self.to

    @property
    def is_final(self) -> bool:
        """True when no later status will come."""
        return self.status in FINAL

    @property
    def seconds(self) -> int | None:
        """How long somebody listened, in whole seconds that have begun; None where nobody did."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.answered_at).total_seconds()) + 1

    def taken_by(self, whom: str) -> "Call":
        """The same call, answered by a human or a machine."""
        return replace(self, answered_by=whom if self.detects else None)

    def heard(self, words: tuple[str, ...], key: str = "") -> "Call":
        """The same call with more said, after a pressed key."""
        lines = [*self.said.splitlines(), *([f"[{key}]"] if key else []), *words]
        return replace(self, said="\n".join(lines), pressed=self.pressed + key)

    def moved(self, status: str, at: datetime) -> "Call":
        """The same call one status later."""
        return replace(
            self,
            status=status,
            updated_at=at,
            started_at=self.started_at or (at if status in _DIALED else None),
            answered_at=self.answered_at or (at if status == "in-progress" else None),
            ended_at=self.ended_at or (at if status in FINAL else None),
        )

    def resource(self) -> dict[str, Any]:
        """The resource `api.v2010.account.call` of Twilio's API description."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        parts = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")
        return {
            "account_sid": self.account_sid,
            "answered_by": self.answered_by,
            "api_version": API_VERSION,
            "caller_name": None,
            "date_created": rfc_2822(self.created_at),
            "date_updated": rfc_2822(self.updated_at),
            "direction": "outbound-api",
            "duration": None if self.seconds is None else str(self.seconds),
            "end_time": rfc_2822(self.ended_at) if self.ended_at else None,
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": self.sender,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": rfc_2822(self.started_at) if self.started_at else None,
            "status": self.status,
            "subresource_uris": {part: f"{uri}/{part.capitalize()}.json" for part in parts},
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{uri}.json",
        }

    def to_line(self) -> dict[str, Any]:
        """The call as one JSON object of the journal."""
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}

    @classmethod
    def from_line(cls, line: dict[str, Any]) -> "Call":
        """The call that `to_line` wrote."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in line.items() if name in known}
        for name in _TIMES:
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        return cls(**{**values, "told": tuple(values["told"])})
