"""The Celery application. A task carries ids only; what is owed is a row in the database."""

import os

from celery import Celery

from clinic.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

app = Celery("ruleout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
