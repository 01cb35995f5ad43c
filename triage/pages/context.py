"""What every page says of the rules: nothing, once a physician has approved them."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from triage.selectors import rules_are_approved


def rules_banner(request: HttpRequest) -> dict[str, object]:
    """Whether the rules that run here stand without approval; asked of the database by pages that show it only."""
    return {"rules_unapproved": SimpleLazyObject(lambda: not rules_are_approved())}
