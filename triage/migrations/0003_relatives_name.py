from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0002_later_contacts_overrides_and_approval"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="relative_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Who answered, where it was a relative.",
                max_length=80,
            ),
        ),
    ]
