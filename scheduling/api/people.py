"""People over the API: licenses that run out, and the end of an account."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import Permission
from clinic.api.idempotency import idempotent
from clinic.api.reading import body, caller, query
from clinic.api.schema import documented
from clinic.models import Staff
from clinic.selectors.licenses import MOST_DAYS, WARN_DAYS, Lapse, lapsing
from clinic.services.staff_accounts import MOST_REASON, end_account
from scheduling.api.shift_presenters import as_rehearsal
from scheduling.services.ending_accounts import Ending, rehearse_end


class WithinQuery(serializers.Serializer[object]):
    """How far ahead."""

    within_days = serializers.IntegerField(required=False, default=WARN_DAYS, min_value=0, max_value=MOST_DAYS)


class AccountEndBody(serializers.Serializer[object]):
    """Why an account ends; with ``dry_run`` only what it would hit."""

    reason = serializers.CharField(max_length=MOST_REASON)
    dry_run = serializers.BooleanField(required=False, default=False)


def as_lapse(lapse: Lapse) -> dict[str, object]:
    """A license that runs out."""
    staff = lapse.license.staff
    return {
        "staff": {"id": staff.pk, "name": str(staff), "role": staff.role},
        "state": lapse.license.state,
        "expires_on": lapse.license.expires_on,
        "days": lapse.days,
        "lapsed": lapse.lapsed,
        "others_of_the_role_in_that_state": lapse.remaining,
    }


def as_ending(ending: Ending) -> dict[str, object]:
    """What ending an account would hit."""
    return {
        "dry_run": True,
        "staff": ending.staff.pk,
        "steps": [{"id": step.pk, "kind": step.kind, "due_at": step.due_at} for step in ending.steps],
        "visits": as_rehearsal(ending.rehearsal) if ending.rehearsal else None,
    }


def as_staff(staff: Staff) -> dict[str, object]:
    """An account."""
    return {"id": staff.pk, "name": str(staff), "active": staff.is_active, "ended_at": staff.ended_at}


class LicenseListView(APIView):
    """GET the licenses that run out."""

    permission = Permission.READ_PEOPLE

    @documented("Licenses of active staff that run out soon, or have.", query=("within_days",))
    def get(self, request: Request) -> Response:
        """Return them, the first one on top."""
        found = lapsing(within_days=query(WithinQuery, request)["within_days"])
        return Response({"results": [as_lapse(lapse) for lapse in found]})


class AccountEndView(APIView):
    """POST: an account ends."""

    permission = Permission.END_ACCOUNTS

    @documented(
        "End an account: its steps go to the role, its visits are rebooked. `dry_run`: only say so.",
        body=AccountEndBody,
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End it, or say what that would hit."""
        given = body(AccountEndBody, request)
        if given["dry_run"]:
            return Response(as_ending(rehearse_end(caller(request), staff_id=pk)))
        return Response(as_staff(end_account(caller(request), staff_id=pk, reason=str(given["reason"]))))
