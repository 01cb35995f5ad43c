"""The Celery application. A task carries ids only; what is owed is a row in the database."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections
from kombu.transport.redis import QoS

from clinic.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

# What a worker had taken and not begun when its broker went away is not put back: every task is a sweep, and the next
# one does its work. Putting it back needs the broker that is gone, and kombu 5.7 ends the worker over it.
QoS.restore_at_shutdown = False

app = Celery("ruleout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@task_prerun.connect
def drop_dead_connections(**_: object) -> None:
    """Let a task begin with a connection that works, as a request does: the database may have been restarted."""
    close_old_connections()
