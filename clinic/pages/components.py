"""Every part that pages are made of, on one page of the demo: what a designer or a new colleague looks at first."""

from datetime import timedelta
from functools import wraps

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.access import Actor
from clinic.pages.access import Door, staff_page
from clinic.pages.live import live_response

#: What the colors mean, from all well to danger; the same on chips, alerts and edges.
TONES = (
    ("calm", _("All well"), _("Nothing is to be done.")),
    ("info", _("To know"), _("It goes on as it should.")),
    ("neutral", _("Neutral"), _("It waits for its time.")),
    ("soon", _("Soon"), _("To be done today.")),
    ("urgent", _("Urgent"), _("To be done now.")),
    ("critical", _("Danger"), _("Past its time, or 911.")),
)
#: Names in `components/button.html`; empty: the one thing to do on a page.
BUTTONS = (
    ("", "", _("The main thing")),
    ("secondary", "", _("Something else")),
    ("danger", "", _("Call 911")),
    ("quiet", "", _("Rarely used")),
    ("", "small", _("In a row")),
    ("secondary", "large", _("For a thumb")),
)


class SampleForm(forms.Form):
    """One of each kind of field; what is typed goes nowhere."""

    name = forms.CharField(label=_("Name"), help_text=_("As on their card."))
    born = forms.DateField(label=_("Birth date"), widget=forms.DateInput({"type": "date"}))
    where = forms.ChoiceField(label=_("Where"), choices=[("", _("Choose")), ("leg", _("Leg")), ("arm", _("Arm"))])
    side = forms.ChoiceField(
        label=_("Side"), choices=[("left", _("Left")), ("right", _("Right"))], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label=_("They read it back correctly"), required=False)
    words = forms.CharField(label=_("Words"), required=False, widget=forms.Textarea({"rows": 3}))


def _in_a_demo(door: Door) -> Door:
    @wraps(door)
    def only_there(request: HttpRequest) -> HttpResponse:
        if settings.PRODUCTION:
            raise Http404
        return door(request)

    return only_there


@_in_a_demo
@require_safe
@staff_page(None)
def components_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every component, a form as it is and as it is refused, and a list that keeps itself up to date."""
    now = clock.now()
    shown = {
        "tones": TONES,
        "buttons": BUTTONS,
        "form": SampleForm(prefix="plain"),
        "wrong": SampleForm({"wrong-name": "", "wrong-words": "Kept as it was typed."}, prefix="wrong"),
        "now": now.replace(second=0, microsecond=0),
        "later": (now + timedelta(minutes=12)).replace(second=0, microsecond=0),
    }
    return live_response(request, "clinic/staff/components.html", "clinic/staff/_components_live.html", shown)
