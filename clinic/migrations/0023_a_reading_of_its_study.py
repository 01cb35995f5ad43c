"""A reading says whose study it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("clinic", "0022_identity_on_paper")]

    operations = [
        migrations.AddField(
            "step",
            "reads",
            models.ForeignKey(
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readings",
                to="clinic.step",
            ),
        )
    ]
