"""An account ends: nobody logs in with it any more, and what its person owed goes over to their role."""

from functools import partial

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid, NotFound
from clinic.models import Role, Staff
from clinic.services.handing_over import hand_over_steps

MOST_REASON = 120


def end_account(actor: Actor, *, staff_id: int, reason: str) -> Staff:
    """End an account. Its open steps go to the role at the center of each, and stay due as they were.

    Their time is given back by who keeps the rota (`account.ended`). Raises `NotFound`, `Invalid` without a reason, and
    `Conflict` for one's own account, one that has ended, the last administrator's and the last medical director's.
    """
    require(actor, Permission.END_ACCOUNTS)
    said = " ".join(reason.split())
    if not said or len(said) > MOST_REASON:
        raise Invalid(fields={"reason": f"Say why it ends, in at most {MOST_REASON} characters."})

    def work() -> Staff:
        staff = Staff.objects.select_for_update(no_key=True).filter(pk=staff_id).first()
        if staff is None:
            raise NotFound("There is no such member of staff.")
        refuse_to_end(actor, staff)
        handed = hand_over_steps(actor, staff)
        staff.is_active, staff.ended_at, staff.ended_reason = False, clock.now(), said
        staff.save(update_fields=["is_active", "ended_at", "ended_reason"])
        events.record(
            "account.ended", actor=actor, center=staff.home_center, subject=staff, codes={"steps_handed_over": handed}
        )
        return staff

    return in_transaction(work)


def reopen_account(actor: Actor, *, staff_id: int) -> Staff:
    """Let somebody in again. What they owed stays where it went; their shifts are a manager's to write."""
    require(actor, Permission.END_ACCOUNTS)

    def work() -> Staff:
        staff = Staff.objects.select_for_update(no_key=True).filter(pk=staff_id).first()
        if staff is None:
            raise NotFound("There is no such member of staff.")
        if staff.is_active:
            raise Conflict("This account is open.", code="account_open")
        staff.is_active, staff.ended_at, staff.ended_reason = True, None, ""
        staff.save(update_fields=["is_active", "ended_at", "ended_reason"])
        events.record("account.reopened", actor=actor, center=staff.home_center, subject=staff)
        return staff

    return in_transaction(work)


def remove_second_factor(actor: Actor, *, staff_id: int) -> int:
    """Take somebody's lost authenticator app away, with its recovery codes: they set up another one, then sign again.

    Returns how many there were.
    """
    # The models of a third party may be imported only once the apps are there.
    from allauth.mfa.models import Authenticator  # noqa: PLC0415

    require(actor, Permission.END_ACCOUNTS)
    if staff_id == actor.staff_id:
        raise Conflict("Ask another administrator, or remove your own app on your own page.", code="own_account")

    def work() -> int:
        staff = Staff.objects.filter(pk=staff_id).first()
        if staff is None:
            raise NotFound("There is no such member of staff.")
        count: int = Authenticator.objects.filter(user=staff).count()
        Authenticator.objects.filter(user=staff).delete()
        events.record("second_factor.reset", actor=actor, subject=staff, codes={"factors": count})
        return count

    return in_transaction(partial(work))


def refuse_to_end(actor: Actor, staff: Staff) -> None:
    """Raise `Conflict` where this account may not end now."""
    others = Staff.objects.filter(is_active=True).exclude(pk=staff.pk)
    if not staff.is_active:
        raise Conflict("This account has ended already.", code="account_ended")
    if staff.pk == actor.staff_id:
        raise Conflict("Your own account is ended by another administrator.", code="own_account")
    if staff.role == Role.ADMINISTRATOR and not others.filter(role=Role.ADMINISTRATOR).exists():
        raise Conflict("The last administrator lets the others in: name another one first.", code="last_administrator")
    if staff.medical_director and not others.filter(medical_director=True).exists():
        raise Conflict(
            "The last medical director is alerted to findings that nobody acknowledges: name another one first.",
            code="last_medical_director",
        )
