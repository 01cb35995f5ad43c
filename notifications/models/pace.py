"""How far each of our senders is behind, where it has a rate: a row each, so that all processes keep it together."""

from django.db import models

from clinic.models.row import Row


class Pace(Row):
    """Until when what was handed over keeps a sender busy. One without a row is idle."""

    sender = models.CharField(primary_key=True, max_length=40)
    busy_until = models.DateTimeField(help_text="Real time: the provider's queue knows no other.")
