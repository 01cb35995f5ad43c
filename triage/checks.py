"""What a deployment must not overlook: that a physician has approved the rules."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from triage.rules import RULES_VERSION, fingerprint


def check_approval(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's deployment check: warns where the rules that would run here stand without a physician's approval.

    Without its database a check can't know; it then says so and does not fail, so that an image can be built anywhere.
    """
    # Models may be imported only once the apps are loaded.
    from triage.selectors import approval_in_force  # noqa: PLC0415

    rules = f"Rule set {RULES_VERSION} ({fingerprint()[:12]})"
    try:
        approval = approval_in_force()
    except DatabaseError:
        return [checks.Info(f"{rules}: whether a physician has approved it can't be read here.", id="triage.I001")]
    if approval is not None:
        return []
    hint = "A physician reads and signs it at /staff/rules/. Until then every page says that it is not approved."
    return [checks.Warning(f"{rules} is not clinically approved.", hint=hint, id="triage.W001")]
