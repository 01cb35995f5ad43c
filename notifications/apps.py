"""The app's configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """See the package's own modules."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
