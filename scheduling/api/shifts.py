"""Availability over the API: a center's week, an edit and what it displaces, and what became of everybody."""

from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic import clock
from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.errors import NotFound
from scheduling.api.shift_bodies import ShiftEditBody
from scheduling.api.shift_presenters import as_edit, as_rehearsal, as_week
from scheduling.models import ShiftEdit
from scheduling.selectors import named
from scheduling.selectors.displaced import outcome
from scheduling.selectors.week import week_of
from scheduling.services.editing import apply, rehearse
from scheduling.services.editing.naming import edit_of
from scheduling.services.rebooking import rebook_at_once


class WeekQuery(serializers.Serializer[Any]):
    """Whose week, and a date in it."""

    center = serializers.CharField(max_length=12)
    on = serializers.DateField(required=False)

    def validate_on(self, value: date) -> date:
        """A date whose week can be told, in whatever zone."""
        if not 2000 < value.year < 2200:
            raise serializers.ValidationError("Give a date between the years 2001 and 2199.")
        return value


class ShiftListView(APIView):
    """GET: a center's week."""

    permission = Permission.EDIT_SHIFTS

    @documented("A center's week: hours, closures, and when each unit is on duty.", query=("center", "on"))
    def get(self, request: Request) -> Response:
        """Return the week in which ``on`` lies, today's where none is given."""
        given = query(WeekQuery, request)
        center = named.center(given["center"])
        return Response(as_week(week_of(center, given.get("on") or clock.today(center.zone))))


class ShiftEditListView(APIView):
    """POST: edit availability."""

    permission = Permission.EDIT_SHIFTS

    @documented(
        "Edit availability. `dry_run`: only say whom it would displace. `displace`: do it all the same, and rebook.",
        body=ShiftEditBody,
        status=201,
        otherwise={200: "With `dry_run`: whom it would displace. Nothing has changed."},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Do the edit, or say what it would displace; 409 where it displaces somebody and nobody said that it may."""
        given = body(ShiftEditBody, request)
        edit = edit_of(given.pop("kind"), given)
        if given["dry_run"]:
            return Response(as_rehearsal(rehearse(caller(request), edit)))
        done = apply(caller(request), edit, displace=given["displace"])
        # Never in the transaction of the edit, which an Idempotency-Key holds open: a visit is a transaction.
        transaction.on_commit(partial(rebook_at_once, done.pk), robust=True)
        return Response(as_edit(done, outcome(done)), status=201)


class ShiftEditView(APIView):
    """GET: one edit."""

    permission = Permission.EDIT_SHIFTS

    @documented("What became of everybody whom an edit displaced, and whom a person must call.")
    def get(self, request: Request, pk: int) -> Response:
        """Return it as it stands now."""
        found = ShiftEdit.objects.select_related("center", "resource").filter(pk=pk).first()
        if found is None:
            raise NotFound("There is no such edit.")
        return Response(as_edit(found, outcome(found)))
