"""Who has no telephone is reached by a person: nothing of theirs is told apart by a number."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("notifications", "0013_due_message_by_about"), ("clinic", "0020_patients_without_a_phone")]

    operations = [
        migrations.AlterField(
            "message",
            "phone",
            models.CharField(
                max_length=16, blank=True, help_text="Empty: they have none, and a person reaches them."
            ),
        ),
        migrations.RemoveConstraint("message", "one_unsettled_text_a_number"),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(
                fields=("phone",),
                condition=Q(status__in=("sending", "unknown")) & ~Q(phone=""),
                name="one_unsettled_text_a_number",
            ),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                name="message_without_number_is_a_persons", condition=~Q(phone="") | Q(channel="person")
            ),
        ),
    ]
