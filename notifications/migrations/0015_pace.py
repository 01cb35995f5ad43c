"""A rate a sender: until when what was handed over keeps it busy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("notifications", "0014_without_a_number")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("sender", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "busy_until",
                    models.DateTimeField(help_text="Real time: the provider's queue knows no other."),
                ),
            ],
        ),
    ]
