"""Whether we send at all, and by which sender: a row each, so that all processes see the same."""

from django.db import models
from django.db.models import Q

from clinic.models.row import Row

#: The code of a circuit that somebody opened by hand: nothing tries by itself until somebody closes it.
OPERATOR = "operator"


class Circuit(Row):
    """Open while the provider refuses our account, or one sender fails: nothing leaves by it but a probe now and then.

    The account's own has neither channel nor sender. A circuit without a row is closed: all is well. While one of a
    sender is open, the next sender of its channel takes what it would have sent.
    """

    channel = models.CharField(max_length=6, blank=True, default="", db_default="")
    sender = models.CharField(max_length=40, blank=True, default="", db_default="")
    opened_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=24, blank=True, help_text="The provider's code for what is wrong.")
    by_receipt = models.BooleanField(
        default=False, help_text="The fault is told afterwards: that a probe is accepted proves nothing."
    )
    probe_at = models.DateTimeField(
        null=True, blank=True, help_text="When one message may try again; none where an operator opened it."
    )
    probes = models.PositiveIntegerField(default=0, help_text="So many have tried since it opened.")
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Faults in a row by its answers.")
    losses = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Faults in a row by its receipts.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_circuit_a_sender", fields=("channel", "sender")),
            models.CheckConstraint(
                name="circuit_is_of_the_account_or_of_a_sender",
                condition=Q(channel="", sender="") | (~Q(channel="") & ~Q(sender="")),
            ),
            models.CheckConstraint(
                name="open_circuit_says_why_and_when_it_probes",
                condition=Q(opened_at=None, code="", probe_at=None)
                | (Q(opened_at__isnull=False) & ~Q(code="") & (Q(probe_at__isnull=False) | Q(code=OPERATOR))),
            ),
        ]

    @property
    def of_the_account(self) -> bool:
        """Whether it stops all of our messages."""
        return not self.sender
