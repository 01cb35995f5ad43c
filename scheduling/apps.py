"""The app's configuration."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """See the package's own modules."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"
