"""The Celery application. A task carries ids only; what is owed is a row in the database."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

from clinic.beat import SCHEDULE
from clinic.broker import outlive_the_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

outlive_the_broker()

app = Celery("ruleout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@task_prerun.connect
def drop_dead_connections(**_: object) -> None:
    """Let a task begin with a connection that works, as a request does: the database may have been restarted."""
    close_old_connections()
