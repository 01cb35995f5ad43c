"""Conversations by text: who waits for an answer, a number's whole thread, and a colleague's answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.errors import Conflict, NotFound
from clinic.models import ChartPage, Patient
from clinic.pages.access import staff_action, staff_page
from clinic.pages.errors import refusals_in
from clinic.pages.live import live_response
from clinic.pages.step_presenter import as_line as as_step_line
from clinic.selectors.consent import consent_in_force
from clinic.services.charts import read_chart
from clinic.templatetags.staff import moment
from notifications.models import Conversation
from notifications.pages.conversation_forms import SayForm
from notifications.pages.conversation_presenter import as_line, days_of, to_come
from notifications.selectors.conversations import (
    lately,
    open_episode_ids,
    patients_of,
    thread_of,
    waiting_conversations,
)
from notifications.selectors.zones import zones_of_phone
from notifications.services import conversing


@never_cache
@require_safe
@staff_page(Permission.READ_CONVERSATIONS)
def conversation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who waits for an answer: emergencies first, then the oldest; and who wrote lately."""
    now = clock.now()
    waiting = [as_line(each, now) for each in waiting_conversations()]
    names = {line.waiting.conversation.pk for line in waiting}
    shown = {
        "lines": waiting,
        "lately": [each for each in lately() if each.conversation.pk not in names],
        "actor": actor,
    }
    return live_response(
        request, "notifications/staff/conversations.html", "notifications/staff/_conversations.html", shown
    )


@require_safe
@staff_page(Permission.READ_CONVERSATIONS)
def patient_conversation(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Lead from a patient to the conversation of their number."""
    return redirect("staff-conversation", conversing.converse_with(actor, patient_id=pk).pk)


@never_cache
@require_safe
@staff_page(Permission.READ_CONVERSATIONS)
def conversation_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """All of one number, and a place to answer."""
    conversation = _found(pk)
    return _page(request, actor, conversation, _form(conversation, patients_of(conversation.phone)))


@staff_action(Permission.CONVERSE)
def conversation_say(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Owe the text that was typed, or say what is wrong with it."""
    conversation = _found(pk)
    form = _form(conversation, patients_of(conversation.phone), request)
    if form.is_valid():
        with refusals_in(form):
            said = form.cleaned_data
            typed = conversing.say(
                actor,
                conversation_id=pk,
                words=said["words"],
                patient_id=said.get("patient"),
                key=said["key"],
                seen=_seen(request),
            )
            messages.success(request, _left(typed.patient, conversation))
            return redirect(f"{reverse('staff-conversation', args=[pk])}#latest")
    return _page(request, actor, conversation, form)


@staff_action(Permission.CONVERSE)
def conversation_measure(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say how long the words are that are being typed, and what is wrong with them."""
    conversation = _found(pk)
    measured = conversing.measured_for(patients_of(conversation.phone), request.POST.get("words", "")[:4000])
    return render(request, "notifications/staff/_measured.html", {"measured": measured})


@staff_action(Permission.CONVERSE)
def conversation_handled(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What waits here is taken care of."""
    try:
        conversing.mark_handled(actor, conversation_id=pk, seen=_seen(request))
    except Conflict as refused:
        messages.error(request, refused.detail)
        return redirect("staff-conversation", pk)
    messages.success(request, _("Nothing waits here any more."))
    return redirect("staff-conversations")


def _found(pk: int) -> Conversation:
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None:
        raise NotFound(_("There is no such conversation."))
    return conversation


def _seen(request: HttpRequest) -> int | None:
    """The last text that stood on the page whose button was pressed."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) <= 18 else None


def _form(conversation: Conversation, patients: list[Patient], request: HttpRequest | None = None) -> SayForm:
    at = reverse("staff-conversation-measure", args=[conversation.pk])
    return SayForm(request.POST if request else None, patients=patients, measured_at=at)


def _left(patient: Patient | None, conversation: Conversation) -> str:
    leaves = conversing.departure(conversation.phone, patient)
    if not leaves.waits_for_day:
        return _("Your text is on its way.")
    zone = zones_of_phone(conversation.phone, patient)[0]
    return _("It is night where they are: your text leaves on %(when)s.") % {"when": moment(leaves.at, zone)}


def _page(request: HttpRequest, actor: Actor, conversation: Conversation, form: SayForm) -> HttpResponse:
    thread = thread_of(conversation)
    for each in thread.patients:
        read_chart(actor, patient_id=each.pk, page=ChartPage.CONVERSATION)
    patient = thread.patients[0] if thread.patients else None
    zone = zones_of_phone(conversation.phone, patient)[0]
    now = clock.now()
    days, hidden = days_of(thread, zone, now, everything=request.GET.get("all") == "yes")
    episodes = open_episode_ids(thread.patients)
    shown = {
        "actor": actor,
        "conversation": conversation,
        "patients": [(each, episodes.get(each.pk)) for each in thread.patients],
        "days": days,
        "hidden": hidden,
        "to_come": to_come(thread, now),
        "reads": patient.language if patient else "",
        "zone": zone,
        "now": now,
        "consent": consent_in_force(conversation.phone),
        "steps": [as_step_line(step, now) for step in thread.steps],
        "waits": any(each.waits_for_person and each.attended_at is None for each in thread.inbounds),
        "wrote": bool(thread.inbounds),
        "seen": max((each.pk for each in thread.inbounds), default=0),
        "leaves": conversing.departure(conversation.phone, patient),
        "may_say": allowed(actor, Permission.CONVERSE),
        "measured": conversing.measured_for(thread.patients, form["words"].value() or "") if form.is_bound else None,
        "form": form,
    }
    return render(request, "notifications/staff/conversation.html", shown, status=422 if form.errors else 200)
