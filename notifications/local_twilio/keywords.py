"""The words that Twilio itself acts on when they stand alone in a reply, and the answers it gives.

Source: Twilio's default opt-out handling (help.twilio.com, "Twilio support for opt-out keywords").
"""

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def opt_out_type(body: str) -> str | None:
    """STOP, START or HELP as the webhook's `OptOutType` says it; None for any other text."""
    word = body.strip().upper()
    for kind, words in (("STOP", STOP), ("START", START), ("HELP", HELP)):
        if word in words:
            return kind
    return None
