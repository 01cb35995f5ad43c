"""Whether we send at all: one row, so that all processes see the same."""

from django.db import models
from django.db.models import Q


class Circuit(models.Model):
    """Open while the provider refuses our account: nothing is sent but a probe now and then. Closed: all is well.

    There is one row at most; none means closed.
    """

    opened_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=24, blank=True, help_text="The provider's code for what is wrong.")
    by_receipt = models.BooleanField(
        default=False, help_text="The fault is told afterwards: that a probe is accepted proves nothing."
    )
    probe_at = models.DateTimeField(null=True, blank=True, help_text="When one message may try again.")
    probes = models.PositiveIntegerField(default=0, help_text="So many have tried since it opened.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_circuit", condition=Q(pk=1)),
            models.CheckConstraint(
                name="open_circuit_says_why_and_when_it_probes",
                condition=Q(opened_at=None, code="", probe_at=None)
                | (Q(opened_at__isnull=False, probe_at__isnull=False) & ~Q(code="")),
            ),
        ]
