"""The one account that the local Twilio serves."""

import base64
import binascii
import hmac
from dataclasses import dataclass

DEFAULT_SENDER = "+15005550006"
"""The sender that Twilio itself reserves as valid for tests."""


@dataclass(frozen=True)
class Account:
    """Credentials and numbers of the account: `sender` stands for the numbers behind a messaging service."""

    sid: str
    token: str
    sender: str = DEFAULT_SENDER
    inbound_url: str | None = None

    def authorizes(self, header: str | None) -> bool:
        """True if an Authorization header carries this account's basic credentials."""
        scheme, _, encoded = (header or "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            credentials = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(credentials, f"{self.sid}:{self.token}".encode())
