"""The operators' page of sending: our senders in order, what waits, how messages ended; stop a sender, let it go on."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from clinic.access import Actor, Permission
from clinic.errors import Invalid
from clinic.pages.access import staff_action, staff_page
from notifications.models import Channel
from notifications.models.circuit import OPERATOR
from notifications.pages.codes import meaning_of
from notifications.pages.office import OFFICE_ZONE
from notifications.pages.text_lines import name_of
from notifications.selectors import approvals, figures
from notifications.selectors.senders import SenderStanding, account_stopped, standing_of_senders
from notifications.services import operating


class SenderForm(forms.Form):
    """Which of our senders; none is the account."""

    channel = forms.ChoiceField(choices=[(each.value, each.label) for each in (Channel.SMS, Channel.VOICE)])
    sender = forms.CharField(max_length=40)


@dataclass(frozen=True)
class SenderLine:
    """One sender as the table shows it."""

    standing: SenderStanding
    name: str
    channel: Promise | str
    state: Promise | str
    tone: str
    why: str
    pace: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether somebody stopped it: nothing tries it by itself."""
        return self.standing.stopped is not None and self.standing.stopped.code == OPERATOR


def as_line(standing: SenderStanding) -> SenderLine:
    """Present a sender."""
    state, tone, why = lazy("Next in line"), "neutral", ""
    if standing.stopped is not None:
        state, tone, why = lazy("Stopped"), "urgent", meaning_of(standing.stopped.code)
    elif standing.in_use:
        state, tone = lazy("In use"), "calm"
    channel = lazy("Texts") if standing.channel == Channel.SMS else lazy("Calls")
    return SenderLine(standing, name_of(standing.sender), channel, state, tone, why, _pace(standing))


def _pace(standing: SenderStanding) -> str:
    if standing.rate is None or standing.stopped is not None:
        return ""
    figures = {"rate": f"{standing.rate:g}", "behind": f"{standing.behind:.0f}"}
    return _("%(rate)s a second at most, %(behind)s s behind") % figures


@require_safe
@staff_page(Permission.OPERATE_SENDING)
def sending_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How sending stands."""
    ended, account = figures.ended_by_code(), account_stopped()
    depth, age, unknowns = figures.queue_depth(), figures.queue_age(), figures.unknowns()
    context = {
        "account": account,
        "why": meaning_of(account.code) if account else "",
        "lines": [as_line(each) for each in standing_of_senders()],
        "queue": [
            (lazy("Urgent, due now"), depth["urgent"], int(age["urgent"])),
            (lazy("Routine, due now"), depth["routine"], int(age["routine"])),
            (lazy("End unknown"), sum(unknowns.values()), int(max(figures.unknown_age().values()))),
        ],
        "ended": sorted(((meaning_of(how), how, count) for how, count in ended.items()), key=lambda row: -row[2]),
        "unapproved": sum(approvals.waiting().values()),
        "zone": OFFICE_ZONE,
        "actor": actor,
    }
    return render(request, "notifications/staff/sending.html", context)


@staff_action(Permission.OPERATE_SENDING)
def sending_stop(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let nothing leave by a sender."""
    operating.stop_sender(actor, **_named(request))
    messages.success(request, _("Stopped. What would have left by it leaves by the next sender."))
    return redirect("staff-sending")


@staff_action(Permission.OPERATE_SENDING)
def sending_resume(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let messages leave by a sender again, or by our account."""
    operating.resume(actor, **({} if "account" in request.POST else _named(request)))
    messages.success(request, _("Sending goes on. Should it fail again, it stops again."))
    return redirect("staff-sending")


def _named(request: HttpRequest) -> dict[str, str]:
    form = SenderForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={"sender": _("Choose one of our senders that are listed.")})
    return {"channel": form.cleaned_data["channel"], "sender": form.cleaned_data["sender"]}
