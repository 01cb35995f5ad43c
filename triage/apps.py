"""The app's configuration."""

from django.apps import AppConfig
from django.core import checks


class TriageConfig(AppConfig):
    """The questionnaire, the rules and their approval, assessments and decisions."""

    name = "triage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the approval checked before a deployment, and enter the staff's menu."""
        # Models may be imported only now.
        from triage import record  # noqa: PLC0415
        from triage.checks import check_approval  # noqa: PLC0415
        from triage.pages.places import register_places  # noqa: PLC0415

        checks.register(check_approval, deploy=True)
        record.register()
        register_places()
