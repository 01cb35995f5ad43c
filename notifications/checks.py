"""What a deployment must not overlook of the texts: words without a pin, and words that nobody has approved."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from notifications.versions import differing, pinned, present


def check_versions(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's system check: the words are those whose versions are pinned."""
    try:
        changed = differing(pinned(), present())
    except (OSError, ValueError):
        # What can't be read is told by the check of the words themselves.
        return []
    hint = "Read what changed, then run: python3 manage.py texts_doc"
    return [
        checks.Error(f"The words of {text} are not those of their pinned version.", hint=hint, id="notifications.E005")
        for text in changed
    ]


def check_approval(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's deployment check: warns where words that would be sent stand without an approval.

    Without its database a check can't know; it then says so and does not fail, so that an image can be built anywhere.
    """
    # Models may be imported only once the apps are loaded.
    from notifications.selectors.approvals import waiting  # noqa: PLC0415

    try:
        left = sum(waiting().values())
    except DatabaseError:
        said = "Whether the words of the texts are approved can't be read here."
        return [checks.Info(said, id="notifications.I001")]
    except (OSError, ValueError):
        return []
    if not left:
        return []
    said = f"{left} texts stand in words that nobody has approved."
    hint = "A physician or an administrator reads and approves them at /staff/texts/. They are sent all the same."
    return [checks.Warning(said, hint=hint, id="notifications.W003")]
