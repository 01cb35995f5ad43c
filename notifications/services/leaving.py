"""Who wants no more texts, and who wants them again: it holds for the number, on every patient that shares it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Patient
from clinic.selectors.consent import may_text, opted_out
from clinic.services.consent import record_consent
from clinic.workdays import at_local, working_day_after
from notifications.models import Inbound, Message
from notifications.replies import by_free_text, language_of, may_mean_a_visit, provider_answers
from notifications.selectors.questions import asked_anything, visit_asked
from notifications.services.answers import answer
from notifications.services.conversations import ask_a_person, open_episodes

#: By when a person looks at an opt-out in words of one's own: by this hour of the next working day.
BY = time(17)
OFFICE_ZONE = "America/New_York"
PERSON_CALLBACK = timedelta(minutes=60)


def leave(inbound: Inbound, patients: list[Patient]) -> None:
    """No more texts. What was said in words of their own counts at once, and a person looks at it: it may mean more.

    They hear so once (47 CFR 64.1200(a)(12)), from the provider where it knows the word, else from us. A "cancel" of
    somebody who was asked about a visit, or offered a time, ends the texts, for the carrier ends them; but it may be
    meant for the visit, which then stands, and nobody may text them about it: a person asks.
    """
    heard_so = opted_out(inbound.phone)
    end_texts(inbound)
    if by_free_text(inbound.body, inbound.opt_out_type):
        ask_a_person(inbound, patients, due_at=_next_working_day(patients))
    elif patients and may_mean_a_visit(inbound.body) and asked_anything(inbound):
        inbound.visit = visit_asked(inbound)
        ask_a_person(inbound, patients, due_at=clock.now() + PERSON_CALLBACK)
    if not heard_so and not provider_answers(inbound.body, inbound.opt_out_type):
        answer(inbound, patients, "reply_stopped")


def end_texts(inbound: Inbound) -> None:
    """Write that the number wants no more texts."""
    _record(inbound, granted=False)


def come_back(inbound: Inbound, patients: list[Patient]) -> None:
    """Texts again. A "yes" of somebody who gets texts, and was asked about a visit or offered a time, is more likely
    meant for that."""
    meant_for_a_visit = may_text(inbound.phone) and patients and asked_anything(inbound)
    _record(inbound, granted=True)
    if meant_for_a_visit:
        ask_a_person(inbound, patients, due_at=clock.now() + PERSON_CALLBACK)


def _record(inbound: Inbound, *, granted: bool) -> None:
    last = Message.objects.filter(phone=inbound.phone).order_by("-id").first()
    record_consent(
        SYSTEM,
        phone=inbound.phone,
        granted=granted,
        channel=ConsentChannel.REPLY,
        language=last.language if last else language_of(inbound.body),
        wording=inbound.body[:200],
    )


def _next_working_day(patients: list[Patient]) -> datetime:
    episodes = open_episodes(patients)
    zone = episodes[0].center.zone if episodes else OFFICE_ZONE
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return at_local(working_day_after(today), BY, zone)
