"""The kernel: what every other app may know."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Centers, staff, patients, episodes, steps, reports, plans, events and access."""

    name = "clinic"
    default_auto_field = "django.db.models.BigAutoField"
