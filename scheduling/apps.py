"""The app's configuration."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """Resources, shifts, slots, holds and appointments."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear the news, say when holds run out, waits end and visits count as missed, and enter the staff's menu."""
        # Models may be imported only now.
        from clinic import agenda, events, metrics  # noqa: PLC0415
        from clinic.pages import beside, notices  # noqa: PLC0415
        from clinic.selectors import belonging  # noqa: PLC0415
        from scheduling import record  # noqa: PLC0415
        from scheduling.intake import dropped, falling_back, unreached  # noqa: PLC0415
        from scheduling.pages.downtime import sheets_are_stale  # noqa: PLC0415
        from scheduling.pages.offering import offers_of_step  # noqa: PLC0415
        from scheduling.pages.places import register_places  # noqa: PLC0415
        from scheduling.selectors import theirs  # noqa: PLC0415
        from scheduling.services import (  # noqa: PLC0415
            ending_accounts,
            holding,
            lateness,
            merged,
            reactions,
            rebooking,
            sheets,
            sweeps,
        )

        events.subscribe("account.ended", ending_accounts.give_time_back)
        events.subscribe("episode.closed", reactions.cancel_visits_of_closed_episode)
        events.subscribe("step.done", reactions.end_scan_of_arrived)
        events.subscribe("step.cancelled", reactions.give_up_visit_of_revised_plan)
        events.subscribe("step.escalated", unreached.advise_emergency_care)
        events.subscribe("step.escalated", falling_back.fall_back_when_booking_is_late)
        events.subscribe("patient.merged", merged.follow_merge)
        events.subscribe("patient.unmerged", merged.follow_undoing)
        _prepare_visits()
        _order_scans()
        _wait_for_time()
        _hear_of_results()
        agenda.register(agenda.Source("holds", holding.next_expiry, holding.stale_holds, holding.expire_holds))
        agenda.register(
            agenda.Source("calendar", sweeps.next_thin_calendar, sweeps.thin_calendar, sweeps.extend_calendar)
        )
        agenda.register(agenda.Source("no_shows", sweeps.next_no_show, sweeps.unmarked_no_shows, sweeps.mark_no_shows))
        agenda.register(
            agenda.Source("late_calls", lateness.next_late_call, lateness.uncalled, lateness.call_late_rule_outs)
        )
        agenda.register(
            agenda.Source("late_results", lateness.next_late_result, lateness.unraised, lateness.raise_late_results)
        )
        agenda.register(
            agenda.Source(
                "dropped_visitors", dropped.next_dropped, dropped.waiting_dropped, dropped.call_dropped_visitors
            )
        )
        agenda.register(
            agenda.Source(
                "displaced_visits",
                rebooking.next_displaced,
                rebooking.waiting_displaced,
                rebooking.rebook_displaced,
            )
        )
        beside.register(offers_of_step)
        notices.register(sheets_are_stale)
        metrics.register("ruleout_downtime_sheets", "Centers by their downtime sheet.", "state", sheets.by_state)
        record.register()
        register_places()
        belonging.register(theirs.CARE)


def _prepare_visits() -> None:
    """Who needs an interpreter, or has coverage to settle, is seen to before their visit."""
    from clinic import events  # noqa: PLC0415
    from scheduling.services import coverage_steps, interpreters  # noqa: PLC0415

    events.subscribe("appointment.walked_in", interpreters.arrange)
    for kind in ("appointment.booked", "appointment.rescheduled"):
        events.subscribe(kind, interpreters.arrange)
        events.subscribe(kind, coverage_steps.owe_before_visit)
    events.subscribe("coverage.recorded", coverage_steps.owe_what_was_found)


def _order_scans() -> None:
    """The order of a scan goes where its visit goes."""
    from clinic import events  # noqa: PLC0415
    from scheduling.services import scan_orders, telling_office  # noqa: PLC0415

    events.subscribe("appointment.cancelled", scan_orders.release_of_cancelled)
    events.subscribe("appointment.no_show", scan_orders.release_of_cancelled)
    events.subscribe("appointment.rescheduled", scan_orders.move_with_visit)
    for kind in ("booked", "rescheduled", "cancelled", "no_show"):
        events.subscribe(f"appointment.{kind}", telling_office.owe_time_to_office)


def _wait_for_time() -> None:
    """Whoever waits hears of time that comes free, and waits no longer once they are booked or have no need to."""
    from clinic import agenda, events  # noqa: PLC0415
    from scheduling.waitlist import tending  # noqa: PLC0415

    for kind in tending.FREES_TIME:
        events.subscribe(kind, tending.note_freed_time)
    events.subscribe("appointment.booked", tending.end_wait_of_booked)
    events.subscribe("episode.closed", tending.end_wait_of_closed)
    events.subscribe("decision.made", tending.end_wait_of_emergency)
    agenda.register(agenda.Source("waitlist", tending.next_due, tending.waiting, tending.tend_waitlist))


def _hear_of_results() -> None:
    """Who is on duty is alerted to findings; who is not reached, or not gone by the close, is seen to."""
    from clinic import agenda, events  # noqa: PLC0415
    from scheduling.services import on_site, result_clocks, unreached_patients  # noqa: PLC0415

    for kind in ("report.preliminary", "report.final", "report.amended"):
        events.subscribe(kind, result_clocks.ask_for_acknowledgement)
    events.subscribe("result.called", unreached_patients.follow_call)
    events.subscribe("step.escalated", unreached_patients.decide_when_contact_is_late)
    events.subscribe("appointment.cancelled", on_site.end_for_cancelled)
    agenda.register(
        agenda.Source(
            "result_clocks",
            result_clocks.next_result_clock,
            result_clocks.waiting_result_clocks,
            result_clocks.run_result_clocks,
        )
    )
    agenda.register(
        agenda.Source("patients_on_site", on_site.next_close, on_site.waiting_at_close, on_site.call_managers)
    )
