"""Which code of an authenticator app was used last, over all processes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("clinic", "0020_patients_without_a_phone")]

    operations = [
        migrations.AddField(
            "staff",
            "last_code_counter",
            models.BigIntegerField(
                null=True,
                blank=True,
                editable=False,
                help_text="The half minute of the last code of their app that was used.",
            ),
        )
    ]
