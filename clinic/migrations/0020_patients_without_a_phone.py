"""A patient may have no telephone where another way to reach them is recorded; that moves from the access needs."""

from typing import Any

import clinic.phones
from django.db import migrations, models
from django.db.models import Q

_E164 = r"^\+[1-9][0-9]{7,14}$"


def move(apps: Any, schema_editor: Any) -> None:
    """What was recorded with the access needs stands with the patient from now on."""
    for row in apps.get_model("clinic", "AccessNeeds").objects.iterator():
        apps.get_model("clinic", "Patient").objects.filter(pk=row.patient_id).update(
            contact_name=row.contact_name,
            contact_phone=row.contact_phone,
            contact_address=row.address,
            in_person_plan=row.in_person_plan,
        )


def _text(length: int, **more: Any) -> models.CharField:
    return models.CharField(max_length=length, blank=True, default="", db_default="", **more)


class Migration(migrations.Migration):

    dependencies = [("clinic", "0019_access_and_coverage")]

    operations = [
        migrations.AddField("patient", "contact_name", _text(120)),
        migrations.AddField("patient", "contact_phone", _text(16, validators=[clinic.phones.validate_e164])),
        migrations.AddField("patient", "contact_address", _text(200)),
        migrations.AddField("patient", "in_person_plan", _text(200)),
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint("accessneeds", "access_contact_has_name_and_number"),
        migrations.RemoveField("accessneeds", "contact_name"),
        migrations.RemoveField("accessneeds", "contact_phone"),
        migrations.RemoveField("accessneeds", "address"),
        migrations.RemoveField("accessneeds", "in_person_plan"),
        migrations.AlterField(
            "patient",
            "phone",
            models.CharField(
                max_length=16, null=True, blank=True, db_index=True, validators=[clinic.phones.validate_e164]
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                name="patient_can_be_reached",
                condition=Q(phone__isnull=False)
                | Q(contact_phone__gt="")
                | Q(contact_address__gt="")
                | Q(in_person_plan__gt=""),
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                name="patient_contact_has_name_and_number",
                condition=Q(contact_name="", contact_phone="")
                | (~Q(contact_name="") & Q(contact_phone__regex=_E164)),
            ),
        ),
    ]
