"""The app's configuration."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """See the package's own modules."""

    name = "triage"
    default_auto_field = "django.db.models.BigAutoField"
