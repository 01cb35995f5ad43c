"""Fields of our own."""

from datetime import datetime

from django.utils import timezone
from rest_framework import serializers


class InstantField(serializers.DateTimeField):
    """An instant, with its offset from UTC (RFC 3339).

    An hour without one is somebody's wall clock, and nobody says whose: taken for UTC, a visit would be kept at another
    hour than was meant, and the clock of a result would run from a time before the scan.
    """

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return it in UTC; refuse one whose offset is not said."""
        if timezone.is_naive(value):
            raise serializers.ValidationError(
                "Say the offset from UTC as well, such as 2026-01-05T09:00:00-05:00, or Z for UTC itself."
            )
        return super().enforce_timezone(value)
