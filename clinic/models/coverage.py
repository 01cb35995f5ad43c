"""Who pays for an episode's care, as far as it was checked. It never decides whether or when a rule-out is done."""

from django.db import models
from django.db.models import Q

from clinic.models.episode import Episode
from clinic.models.row import Row
from clinic.models.staff import Staff


class CoverageStatus(models.TextChoices):
    """What is known of the patient's coverage."""

    UNCHECKED = "unchecked", "Not checked"
    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Not active"
    SELF_PAY = "self_pay", "Pays for themselves"


class Authorization(models.TextChoices):
    """What the payer says beforehand."""

    NOT_NEEDED = "not_needed", "Not needed"
    PENDING = "pending", "Pending"
    APPROVED = "approved", "Approved"


class Coverage(Row):
    """One an episode. Who pays for themselves is told an estimate (45 CFR 149.610), in cents."""

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="coverage")
    status = models.CharField(max_length=10, choices=CoverageStatus.choices, default=CoverageStatus.UNCHECKED)
    authorization = models.CharField(max_length=10, choices=Authorization.choices, default=Authorization.NOT_NEEDED)
    estimate_cents = models.PositiveIntegerField(null=True, blank=True)
    estimate_given_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="coverage_status_known", condition=Q(status__in=CoverageStatus.values)),
            models.CheckConstraint(
                name="coverage_authorization_known", condition=Q(authorization__in=Authorization.values)
            ),
            models.CheckConstraint(
                name="estimate_says_when_it_was_given",
                condition=Q(estimate_cents=None, estimate_given_at=None)
                | Q(status="self_pay", estimate_cents__isnull=False, estimate_given_at__isnull=False),
            ),
        ]

    @property
    def settled(self) -> bool:
        """Whether nothing of it is left to be done before a routine visit."""
        if self.status == CoverageStatus.SELF_PAY:
            return self.estimate_cents is not None
        return self.status == CoverageStatus.ACTIVE and self.authorization != Authorization.PENDING
