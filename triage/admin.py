"""Triage's tables for an administrator: immutable, so to look at only."""

from django.contrib import admin

from clinic.admin import ReadOnlyAdmin, ReadOnlyInline
from triage.models import Assessment, Decision


class DecisionInline(ReadOnlyInline):
    """What the rules, or a person, said of the answers."""

    model = Decision
    fields = ("number", "source", "disposition", "tier", "rule", "version", "by", "override_reason", "at")


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    """Answers as they were given."""

    list_display = ("id", "answered_by", "language", "episode_id", "at")
    list_filter = ("answered_by", "language")
    inlines = (DecisionInline,)
