"""What comes next until the risk has passed, for the patient themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinic.errors import NotFound
from clinic.models import LinkPurpose
from clinic.selectors.episodes import story
from scheduling.pages.patient import visitor
from scheduling.pages.patient.door import patient_page
from scheduling.pages.patient.step_words import shown_steps
from scheduling.selectors.step_times import awaiting


@patient_page
@require_safe
def follow_up(request: HttpRequest) -> HttpResponse:
    """Show the steps done and to come, and the way to a time where one waits to be chosen."""
    link = visitor.proven(request, LinkPurpose.FOLLOW_UP)
    if link is None:
        raise NotFound(code="link_unknown")
    told = story(link.subject_id)
    if not visitor.is_theirs(link, told.episode.patient):
        return redirect("patient-landing")
    # Whoever comes back to this page wants its times, not those of a consultation that they looked at meanwhile.
    request.session.pop(visitor.CONSULT_ZIP, None)
    step = awaiting(told.episode)
    page = {
        "episode": told.episode,
        "steps": shown_steps(told.steps),
        "awaiting": step,
        "next": next(iter(shown_steps([step])), None) if step else None,
    }
    return render(request, "scheduling/patient/follow_up.html", page)
