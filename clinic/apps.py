"""The kernel: what every other app may know."""

from django.apps import AppConfig
from django.core import checks

from clinic.checks import check_environment


class ClinicConfig(AppConfig):
    """Centers, staff, patients, episodes, steps, reports, plans, events and access."""

    name = "clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say when steps fall due, put the pages of staff on their menu, name the API's log-ins, check deployments."""
        # Models may be imported only now.
        from clinic import agenda, events, second_factors  # noqa: PLC0415
        from clinic.api import security  # noqa: F401, PLC0415
        from clinic.keeping import early, shapes  # noqa: PLC0415
        from clinic.pages.places import register_places  # noqa: PLC0415
        from clinic.services import climbing, escalation, representatives, therapy  # noqa: PLC0415

        events.subscribe("step.done", therapy.ask_for_decision)

        agenda.register(
            agenda.Source(
                "overdue steps",
                escalation.next_overdue,
                lambda: len(escalation.overdue()),
                escalation.escalate_overdue,
            )
        )
        agenda.register(
            agenda.Source("missed steps", climbing.next_missed, lambda: len(climbing.missed()), climbing.climb_missed)
        )
        agenda.register(
            agenda.Source(
                "patients of age",
                representatives.next_of_age,
                lambda: len(representatives.of_age()),
                representatives.review_parents,
            )
        )
        checks.register(check_environment, deploy=True)
        shapes.register()
        early.register_early()
        register_places()
        second_factors.listen()
