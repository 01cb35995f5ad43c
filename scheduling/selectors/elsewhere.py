"""Other times for a displaced visit, the least disturbing first."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from clinic import clock
from clinic.models import ZipCode
from scheduling import bits
from scheduling.displacing import Standing
from scheduling.intake.reading import needs_of
from scheduling.models import Appointment, VisitKind
from scheduling.needs import Needs
from scheduling.selectors.centers import CenterCard, nearest_centers
from scheduling.selectors.deadlines import of_episode
from scheduling.selectors.fitting import able_centers, needs_of_patient
from scheduling.selectors.offers import CenterOffers, Question, offers
from scheduling.selectors.search import MOST_DAYS, ROUTINE_NOTICE_MINUTES
from scheduling.selectors.site import WITHIN_MILES
from scheduling.visit_types import keeps_out_of_reserve, shape_of
from triage.selectors import answers_of, intake_of


def standing_of(visit: Appointment) -> Standing:
    """Return a visit with the limits of where it may go: its episode's clock, or the window of its step."""
    episode, step = visit.episode, visit.step
    return Standing(
        starts_at=visit.starts_at,
        rule_out=visit.visit_type.kind == VisitKind.DVT_SCAN,
        scan_by=episode.scan_by if episode else None,
        result_by=episode.result_by if episode else None,
        window=(step.window_start, step.window_end) if step else (None, None),
    )


def needs_of_visit(visit: Appointment) -> Needs:
    """Return what the center must have: what the visit was booked with, and what the study of a rule-out asks."""
    kept = Needs.named(visit.needs) | needs_of_patient(visit.patient_id)
    assessment = intake_of(visit.episode) if visit.episode and visit.visit_type.kind == VisitKind.DVT_SCAN else None
    if assessment is None:
        return kept
    return kept | needs_of(answers_of(assessment))


def other_times(visit: Appointment) -> Iterator[tuple[int, datetime]]:
    """Yield (center, start): at the visit's own center, then at centers around the patient, nearest first.

    The way from the patient's ZIP code is counted, and a tier-1 scan is offered only where it is read and treated in
    time. Each list is read when it is asked for; a time may be taken by then.
    """
    now, standing, needs = clock.now(), standing_of(visit), needs_of_visit(visit)
    urgent, shape = standing.rule_out, shape_of(visit.visit_type)
    until = min(standing.latest + timedelta(minutes=1), now + timedelta(days=MOST_DAYS))
    first = max(now, standing.window[0] or now) if not urgent else now
    if until <= first:
        return
    binds = keeps_out_of_reserve(visit.visit_type)
    deadline = of_episode(visit.episode) if visit.episode and urgent else None
    question = Question(shape, first, until, now, 0 if urgent else ROUTINE_NOTICE_MINUTES, deadline, binds, needs)
    result = timedelta(minutes=shape.minutes + shape.reading_minutes)
    around = _around(visit)
    able = able_centers((card.id for card in around), needs, shape.takes)
    cards = [card for card in around if card.id in able and needs.met_by(card)]
    own = [card for card in cards if card.id == visit.center_id]
    others = [card for card in cards if card.id != visit.center_id and (card.miles or 0) <= WITHIN_MILES]
    for group in (own, others):
        for center in offers(question, group) if group else ():
            starts = (
                start
                for start in _starts(center)
                if standing.allows(start, result_at=start + result, now=now, elsewhere=group is others)
            )
            for start in sorted(starts, key=lambda start: standing.rank(start, miles=0)):
                yield center.card.id, start


def _starts(center: CenterOffers) -> Iterator[datetime]:
    for day, starts in center.days():
        for bit in starts:
            yield bits.instant_of(day.origin, bit)


def _around(visit: Appointment) -> list[CenterCard]:
    """Centers from where the patient lives, or from the visit's own center where nobody knows."""
    zips = [visit.patient.zip if visit.patient else "", visit.center.zip]
    known = set(ZipCode.objects.filter(pk__in=zips).values_list("pk", flat=True))
    near = next((each for each in zips if each in known), None)
    cards = nearest_centers(near_zip=near)
    # From nowhere no center is near: its own is left.
    return cards if near else [card for card in cards if card.id == visit.center_id]
