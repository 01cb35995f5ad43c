"""Why a slot, a hold or a booking is refused: each with its own code."""

from clinic.errors import Conflict, Gone, Invalid, NotFound


class SlotInThePast(Invalid):
    """It starts before now."""

    code, title = "slot_in_the_past", "This time has passed. Choose a later one."


class OffTheGrid(Invalid):
    """It starts at a minute that is never offered."""

    code, title = "off_the_grid", "Visits of this kind do not start at this minute."


class TooFarAhead(Invalid):
    """It lies past the calendar's horizon."""

    code, title = "too_far_ahead", "The calendar is not open that far ahead yet."


class NoSuchCenter(NotFound):
    """No active center has this code."""

    code, title = "no_such_center", "There is no center with this code."


class NoSuchVisitType(NotFound):
    """No visit type has this code."""

    code, title = "no_such_visit_type", "There is no visit type with this code."


class CapabilityMissing(Conflict):
    """The center can't do this kind of visit."""

    code, title = "capability_missing", "This center does not offer this visit."


class RoomDoesNotFit(Conflict):
    """No room there has the lift, or the table, that this patient needs."""

    code, title = "room_does_not_fit", "No room there fits this patient. Search again with what they need."


class LanguageNotSpoken(Conflict):
    """Nobody there whose time the visit takes speaks the language that was asked for."""

    code, title = "language_not_spoken", "Nobody there does this visit in that language. Search again with it."


class CenterClosed(Conflict):
    """The center is closed on that local date."""

    code, title = "center_closed", "The center is closed that day."


class OutsideShift(Conflict):
    """Nobody who could do it is on duty for the whole of it."""

    code, title = "outside_shift", "Nobody is on duty for this visit at that time."


class SlotTaken(Conflict):
    """Somebody was first."""

    code, title = "slot_taken", "This time was just taken. Choose another one."


class ReservedForSameDay(Conflict):
    """The time is free, and kept for rule-outs of that day."""

    code, title = "reserved_for_same_day", "This time is kept for same-day scans. Choose another one, or wait."


class AddOnsFull(Conflict):
    """So many people at the desk were added to this shift that only a clinician may add another one."""

    code, title = "add_ons_full", "This shift has its add-ons. Choose another person, or ask a clinician."


class DangerSign(Conflict):
    """Somebody at the desk has a danger sign: emergency care comes before any registration."""

    code, title = "danger_sign", "A danger sign is there. Send to emergency care now; do not register first."


class SignsTooOld(Conflict):
    """The danger signs were asked of somebody else, elsewhere, or too long ago."""

    code, title = "signs_too_old", "Ask the danger signs first: now, of this person."


class PatientBusy(Conflict):
    """The patient has another visit that overlaps."""

    code, title = "patient_booked_then", "This patient has another visit at that time."


class HoldNotYours(NotFound):
    """No such hold, or somebody else's: the two read alike, on purpose."""

    code, title = "hold_not_found", "There is no such hold, or it is not yours."


class HoldExpired(Gone):
    """The hold ran out or was given back."""

    code, title = "hold_expired", "This hold has ended. Choose a time again."


class HoldAlreadyUsed(Conflict):
    """The hold is a booking already."""

    code, title = "hold_already_used", "This hold has become a booking already."


class EpisodeNeeded(Conflict):
    """This kind of visit belongs to an episode of care, and none was named."""

    code, title = "episode_needed", "This visit needs an assessment first."


class EpisodeMismatch(Conflict):
    """The episode is closed, or another patient's."""

    code, title = "episode_mismatch", "The episode is closed, or is not this patient's."


class VisitBookedAlready(Conflict):
    """The episode has such a visit ahead."""

    code, title = "visit_booked_already", "This visit is booked already. Reschedule it instead."


class PastDeadline(Conflict):
    """The new time misses the clinical deadline; only a clinician may choose it."""

    code, title = "past_deadline", "This is later than the clinical deadline. A clinician must decide."


class NotYet(Conflict):
    """It is too early for this."""

    code, title = "not_yet", "It is too early for this."


class ShiftDisplacesBookings(Conflict):
    """Bookings stand in the time that would be taken away; ``extra`` lists them."""

    code, title = "shift_displaces_bookings", "Visits are booked in that time. Move them first."


class NoClinicianInTime(Conflict):
    """A call would be promised that nobody on the roster can make; ``next_call_at`` is the first opening."""

    code, title = "no_clinician_in_time", "No clinician on the roster can call in time. Choose emergency care."


class SignsNotAsked(Conflict):
    """A scan on the next day asks for the danger signs once more, before the patient comes in."""

    code, title = "signs_not_asked", "Ask the danger signs again before this patient is checked in."


class OrderMissing(Conflict):
    """A scan is not started without a signed order."""

    code, title = "order_missing", "This scan has no signed order."

    def __init__(self) -> None:
        remedy = "Have a clinician sign one on the episode's page, or record the referring clinician's. Then start."
        super().__init__(f"{self.title} {remedy}", fields={"order": remedy})


class SideMismatch(Conflict):
    """The side on the table is not the one that the order names."""

    code, title = "side_mismatch", "The order is for another side than the one on the table."

    @classmethod
    def between(cls, ordered: str, on_table: str) -> "SideMismatch":
        """Say both, and what to do."""
        remedy = f"The order says {ordered}, not {on_table}. Ask the clinician, who amends the order where it is wrong."
        return cls(remedy, fields={"side": remedy})


class AlreadyWaiting(Conflict):
    """The patient waits for this visit already."""

    code, title = "already_waiting", "This patient waits for such a time already."


class WaitOver(Conflict):
    """The entry has ended."""

    code, title = "wait_over", "This patient waits no longer."


class SentToEmergencyCare(Conflict):
    """Nobody who was sent to emergency care waits for a time with us."""

    code, title = "sent_to_emergency_care", "This patient was sent to emergency care. Do not wait for a time."


class OfferOver(Gone):
    """The offer was answered, ran out, or is no longer needed."""

    code, title = "offer_over", "This offer is over: the time went to somebody else, or is no longer needed."


class OfferOpen(Conflict):
    """One offer at a time: the last one is not answered yet."""

    code, title = "offer_open", "An offer is waiting for its answer already."


class NobodyToMove(Conflict):
    """No routine visit that could make room has a patient who said that they are willing."""

    code, title = "nobody_to_move", "No routine visit can make room here. Choose another way."


class NotInTime(Conflict):
    """A rule-out is added on only where that is in time."""

    code, title = "not_in_time", "This is later than the clinical deadline. Choose an earlier time."


class NoOverbook(Conflict):
    """No add-on is possible then: the unit is taken, nobody scans, reads or prescribes, or the house closes."""

    code, title = "no_overbook", "No add-on is possible at that time. Choose one of those that are listed."


class OverbookLimit(Conflict):
    """The center has had all the add-ons that a half day may have."""

    code, title = "overbook_limit", "This center has had all its add-ons of this half day. Choose another center."
