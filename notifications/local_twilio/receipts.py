"""Which statuses a text or a call goes through, and which callbacks tell of them: pure."""

from dataclasses import dataclass, replace

from notifications.local_twilio.faults import Faults

#: The events of a call that callbacks may tell of, in order, with the status that each tells.
EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress", "completed": "completed"}


@dataclass(frozen=True)
class Report:
    """One status as a callback tells it. `number` counts the callbacks of a call."""

    status: str
    error_code: int | None = None
    number: int = 0


@dataclass(frozen=True)
class Step:
    """After `wait_s` seconds the text takes a status (or keeps its own) and these callbacks leave."""

    wait_s: float
    becomes: Report | None
    tells: tuple[Report, ...] = ()


def receipts(first_status: str, step_s: float, faults: Faults) -> tuple[Step, ...]:
    """The life of a text after its create call, one step every `step_s` seconds.

    The initial status has no callback, and Twilio tells nothing of `sending`.
    """
    figures = {fault.kind: fault.figure for fault in faults}
    return _disturbed(_undisturbed(first_status, step_s, figures), figures)


def progress(told: tuple[str, ...], step_s: float, faults: Faults) -> tuple[Step, ...]:
    """The life of a call after its create call; `told` names the events that callbacks tell of.

    Of a call that nobody takes the last event tells why. While it is dialed the call itself stays queued.
    """
    figures = {fault.kind: fault.figure for fault in faults}
    final = next((kind for kind in ("failed", "busy", "no-answer") if kind in figures), "completed")
    passed = {"failed": ("initiated",), "completed": tuple(EVENTS)[:-1]}.get(final, ("initiated", "ringing"))
    steps: list[Step] = []
    for event in (*passed, "completed"):
        status = final if event == "completed" else EVENTS[event]
        number = sum(bool(step.tells) for step in steps)
        becomes = None if event == "initiated" else Report(status)
        steps.append(Step(step_s, becomes, (Report(status, number=number),) if event in told else ()))
    return _disturbed(steps, figures)


def _disturbed(steps: list[Step], figures: dict[str, float]) -> tuple[Step, ...]:
    if "stuck" in figures:
        steps = steps[:-1]
    if "duplicate" in figures:
        steps = [replace(step, tells=step.tells * 2) for step in steps]
    if "reorder" in figures:
        steps = _told_backwards(steps)
    if "delay" in figures:
        late = tuple(report for step in steps for report in step.tells)
        steps = [replace(step, tells=()) for step in steps] + [Step(figures["delay"], None, late)]
    if "drop" in figures:
        steps = [replace(step, tells=()) for step in steps]
    return tuple(steps)


def _undisturbed(first_status: str, step_s: float, figures: dict[str, float]) -> list[Step]:
    steps = [_told(step_s, Report("queued"))] if first_status == "accepted" else []
    if "failed" in figures:
        return [*steps, _told(step_s, Report("failed", int(figures["failed"])))]
    final = Report("delivered")
    if "undelivered" in figures:
        final = Report("undelivered", int(figures["undelivered"]))
    steps += [
        Step(step_s, Report("sending")),
        _told(step_s, Report("sent")),
        _told(step_s, final),
    ]
    return steps


def _told(wait_s: float, report: Report) -> Step:
    return Step(wait_s, report, (report,))


def _told_backwards(steps: list[Step]) -> list[Step]:
    reports = tuple(report for step in steps for report in step.tells)
    silent = [replace(step, tells=()) for step in steps[:-1]]
    return [*silent, replace(steps[-1], tells=tuple(reversed(reports)))]
