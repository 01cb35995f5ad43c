"""What every table's rows are called where a person meets them: in administration, in a shell, in a log."""

from django.db import models


class Row(models.Model):
    """A row that is called by its table and its number, such as "report 12", unless it has a name of its own.

    A number tells nothing of anybody, so it may stand in a page's title and in a log.
    """

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
