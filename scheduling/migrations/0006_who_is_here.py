"""Whoever is in a center while this is rolled out is here for the step of their visit."""

from django.db import migrations

_HERE = """
UPDATE clinic_step s SET attended_since = a.arrived_at FROM scheduling_appointment a
WHERE a.step_id = s.id AND a.status IN ('arrived', 'in_progress') AND s.status IN ('open', 'scheduled', 'escalated')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0009_attended_steps"),
        ("scheduling", "0005_waitlist"),
    ]

    operations = [migrations.RunSQL(_HERE, migrations.RunSQL.noop)]
