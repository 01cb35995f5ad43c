"""What scheduling hears, sweeps and shows: connected once, when the apps are ready."""

from clinic import agenda, events, metrics
from clinic.agenda import Source
from clinic.pages import beside, notices
from clinic.selectors import belonging
from scheduling import record
from scheduling.intake import dropped, falling_back, keeping, unreached
from scheduling.pages.downtime import sheets_are_stale
from scheduling.pages.offering import offers_of_step
from scheduling.pages.places import register_places
from scheduling.selectors import theirs
from scheduling.services import (
    coverage_steps,
    ending_accounts,
    holding,
    interpreters,
    lateness,
    merged,
    on_site,
    reactions,
    rebooking,
    result_clocks,
    scan_orders,
    sheets,
    sweeps,
    telling_office,
    unreached_patients,
)
from scheduling.waitlist import tending

#: Who does what at which event, in this order.
HEARD = (
    ("account.ended", ending_accounts.give_time_back),
    ("episode.closed", reactions.cancel_visits_of_closed_episode),
    ("step.done", reactions.end_scan_of_arrived),
    ("step.cancelled", reactions.give_up_visit_of_revised_plan),
    ("step.escalated", unreached.advise_emergency_care),
    ("step.escalated", falling_back.fall_back_when_booking_is_late),
    ("patient.merged", merged.follow_merge),
    ("patient.unmerged", merged.follow_undoing),
    # Who needs an interpreter, or has coverage to settle, is seen to before their visit.
    ("appointment.booked", interpreters.arrange),
    ("appointment.walked_in", interpreters.arrange),
    ("appointment.booked", coverage_steps.owe_before_visit),
    ("appointment.rescheduled", interpreters.arrange),
    ("appointment.unit_changed", interpreters.arrange),
    ("appointment.rescheduled", coverage_steps.owe_before_visit),
    ("coverage.recorded", coverage_steps.owe_what_was_found),
    # The order of a scan goes where its visit goes, and its office hears of the time.
    ("appointment.cancelled", scan_orders.release_of_cancelled),
    ("appointment.no_show", scan_orders.release_of_cancelled),
    ("appointment.rescheduled", scan_orders.move_with_visit),
    ("appointment.booked", telling_office.owe_time_to_office),
    ("appointment.rescheduled", telling_office.owe_time_to_office),
    ("appointment.cancelled", telling_office.owe_time_to_office),
    ("appointment.no_show", telling_office.owe_time_to_office),
    # Whoever waits hears of time that comes free, and waits no longer once they are booked or have no need to.
    *((kind, tending.note_freed_time) for kind in tending.FREES_TIME),
    ("episode.closed", keeping.give_back_of_closed),
    ("decision.made", keeping.give_back_of_decided),
    ("appointment.booked", tending.end_wait_of_booked),
    ("appointment.walked_in", tending.end_wait_of_booked),
    ("episode.closed", tending.end_wait_of_closed),
    ("decision.made", tending.end_wait_of_decided),
    # Who is on duty is alerted to findings; who is not reached, or not gone by the close, is seen to.
    ("report.preliminary", result_clocks.ask_for_acknowledgement),
    ("report.final", result_clocks.ask_for_acknowledgement),
    ("report.amended", result_clocks.ask_for_acknowledgement),
    ("result.called", unreached_patients.follow_call),
    ("step.escalated", unreached_patients.decide_when_contact_is_late),
    ("appointment.cancelled", on_site.end_for_cancelled),
)

#: What comes due without anybody doing anything: when next, what waits, and who sees to it.
SWEPT = (
    Source("waitlist", tending.next_due, tending.waiting, tending.tend_waitlist),
    Source(
        "result_clocks",
        result_clocks.next_result_clock,
        result_clocks.waiting_result_clocks,
        result_clocks.run_result_clocks,
    ),
    Source("patients_on_site", on_site.next_close, on_site.waiting_at_close, on_site.call_managers),
    Source("holds", holding.next_expiry, holding.stale_holds, holding.expire_holds),
    Source("calendar", sweeps.next_thin_calendar, sweeps.thin_calendar, sweeps.extend_calendar),
    Source("no_shows", sweeps.next_no_show, sweeps.unmarked_no_shows, sweeps.mark_no_shows),
    Source("late_calls", lateness.next_late_call, lateness.uncalled, lateness.call_late_rule_outs),
    Source("late_results", lateness.next_late_result, lateness.unraised, lateness.raise_late_results),
    Source("dropped_visitors", dropped.next_dropped, dropped.waiting_dropped, dropped.call_dropped_visitors),
    Source("displaced_visits", rebooking.next_displaced, rebooking.waiting_displaced, rebooking.rebook_displaced),
)


def connect() -> None:
    """Hear, sweep, and enter the staff's menu, the pages of others and a patient's record."""
    for kind, react in HEARD:
        events.subscribe(kind, react)
    for source in SWEPT:
        agenda.register(source)
    beside.register(offers_of_step)
    notices.register(sheets_are_stale)
    metrics.register("ruleout_downtime_sheets", "Centers by their downtime sheet.", "state", sheets.by_state)
    record.register()
    register_places()
    belonging.register(theirs.CARE)
