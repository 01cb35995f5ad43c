"""The app's configuration."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """Resources, shifts, slots, holds and appointments."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what is heard and swept: models may be imported only now."""
        from scheduling import wiring  # noqa: PLC0415

        wiring.connect()
