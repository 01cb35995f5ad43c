"""What stood on paper before: a disclosure and a check of identity say when they happened, and when it was entered."""

from django.db import migrations, models
from django.db.models import F, Q


def _recorded_at() -> models.DateTimeField:
    return models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was entered, where it stood on paper: `at` is when it happened.",
    )


class Migration(migrations.Migration):

    dependencies = [("clinic", "0021_a_code_counts_once")]

    operations = [
        migrations.AddField("identitycheck", "recorded_at", _recorded_at()),
        migrations.AddConstraint(
            "identitycheck",
            models.CheckConstraint(
                name="identity_on_paper_came_before", condition=Q(recorded_at=None) | Q(at__lte=F("recorded_at"))
            ),
        ),
        migrations.AddField("disclosure", "recorded_at", _recorded_at()),
        migrations.AddConstraint(
            "disclosure",
            models.CheckConstraint(
                name="disclosure_on_paper_came_before", condition=Q(recorded_at=None) | Q(at__lte=F("recorded_at"))
            ),
        ),
    ]
