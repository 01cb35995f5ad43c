"""The one table of what runs when. Every entry is a sweep: run twice it does nothing twice, missed it is made up for.

``expires`` drops what piled up while no worker was there: the next sweep finds all of it.
"""

#: Task name → seconds between two sweeps.
SWEEPS: dict[str, float] = {
    "notifications.tasks.send_due": 1,
    "notifications.tasks.handle_replies": 1,
    # Not on the agenda, these three: they ask the provider, who knows nothing of a clock that is moved forward.
    "notifications.tasks.settle_unknown": 5,
    "notifications.tasks.poll_receipts": 300,
    "notifications.tasks.fetch_missed": 120,
    "notifications.tasks.send_documents": 3,
    "notifications.tasks.settle_documents": 15,
    "scheduling.tasks.expire_holds": 30,
    "scheduling.tasks.tend_waitlist": 10,
    "scheduling.tasks.mark_no_shows": 60,
    "scheduling.tasks.call_late_rule_outs": 30,
    "scheduling.tasks.raise_late_results": 60,
    "scheduling.tasks.extend_calendar": 300,
    "scheduling.tasks.call_dropped_visitors": 30,
    "scheduling.tasks.rebook_displaced": 5,
    "scheduling.tasks.run_result_clocks": 15,
    "scheduling.tasks.call_managers_before_close": 60,
    # Not on the agenda: a sheet is of the present only, and a clock that is moved forward needs none on its way.
    "scheduling.tasks.render_sheets": 20,
    "clinic.tasks.escalate_overdue": 30,
    "clinic.tasks.climb_missed": 60,
    "clinic.tasks.take_up_lost": 300,
    "clinic.tasks.review_parents": 300,
}

#: How many of a sweep a worker process runs at a time; of all others one. Sending waits for the provider most of the
#: time, so it takes several to keep up; neither those nor what else waits may take every thread from the others.
AT_ONCE: dict[str, int] = {"notifications.tasks.send_due": 10}
#: The threads of a worker process: for those that send and those that ask the provider, and enough beside them.
THREADS = 16

SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 5), "ignore_result": True}}
    for name, seconds in SWEEPS.items()
}
