"""Scheduling's tables for an administrator. Services write bookings and shifts: they keep the calendar true."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from clinic.admin import ReadOnlyAdmin, ReadOnlyInline
from scheduling.models import (
    Absence,
    Appointment,
    Displacement,
    Occupancy,
    Offer,
    Overbook,
    Resource,
    ResourceKind,
    ShiftEdit,
    ShiftException,
    ShiftPattern,
    VisitType,
    WaitlistEntry,
)


class PatternInline(ReadOnlyInline):
    """A resource's weekly shifts."""

    model = ShiftPattern


class ExceptionInline(ReadOnlyInline):
    """A resource's days off and extra hours."""

    model = ShiftException


class AbsenceInline(ReadOnlyInline):
    """When a resource is not there though its shift says so."""

    model = Absence


@admin.register(Resource)
class ResourceAdmin(ReadOnlyAdmin):
    """Rooms and people whose time is booked. What a room's table carries, and its lift, are written here."""

    list_display = ("name", "kind", "center", "staff", "remote", "table_limit_lb", "lift", "active")
    list_filter = ("kind", "remote", "active")
    list_select_related = ("center", "staff")
    inlines = (PatternInline, ExceptionInline, AbsenceInline)
    readonly_fields = ("center", "kind", "name", "staff", "remote", "active", "retired_from")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Of a room: its fittings. All else is an edit of shifts."""
        room = obj is None or (isinstance(obj, Resource) and obj.kind == ResourceKind.ROOM)
        return room and admin.ModelAdmin.has_change_permission(self, request, obj)


class DisplacementInline(ReadOnlyInline):
    """The visits that an edit displaced."""

    model = Displacement


@admin.register(ShiftEdit)
class ShiftEditAdmin(ReadOnlyAdmin):
    """What managers changed about when time can be booked."""

    list_display = ("id", "kind", "center", "resource", "at")
    list_filter = ("kind",)
    list_select_related = ("center", "resource")
    inlines = (DisplacementInline,)


@admin.register(VisitType)
class VisitTypeAdmin(ReadOnlyAdmin):
    """What can be booked, how long it takes, and what it takes together."""

    list_display = ("code", "kind", "minutes", "buffer_minutes", "reading_minutes", "takes")


class OccupancyInline(ReadOnlyInline):
    """The time that an appointment takes of each resource."""

    model = Occupancy


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Holds and bookings."""

    list_display = ("id", "center", "visit_type", "status", "starts_at", "patient")
    list_filter = ("status", "visit_type")
    list_select_related = ("center", "visit_type", "patient")
    inlines = (OccupancyInline,)


class OfferInline(ReadOnlyInline):
    """What was offered to somebody who waits, or asked of others for them."""

    model = Offer


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(ReadOnlyAdmin):
    """Who waits, and what became of it."""

    list_display = ("id", "patient", "visit_type", "status", "latest", "end_reason")
    list_filter = ("status", "visit_type")
    list_select_related = ("patient", "visit_type")
    inlines = (OfferInline,)


@admin.register(Overbook)
class OverbookAdmin(ReadOnlyAdmin):
    """Add-ons, and who approved them."""

    list_display = ("appointment", "approved_by", "reason", "at")
    list_filter = ("reason",)
    list_select_related = ("appointment", "approved_by")
