"""What is said to whoever presses a visit's button after a colleague did: who was quicker, and how it stands now."""

from django.utils.translation import gettext as _

from clinic.models import Event
from clinic.pages.timeline import told_of
from clinic.templatetags.staff import hour
from scheduling.models import Appointment


def overtaken(visit: Appointment) -> str:
    """Say how a visit stands, and who moved it there."""
    stands = {"patient": visit.patient, "status": visit.get_status_display().lower()}
    last = Event.objects.filter(episode=visit.episode, subject_kind="appointment", subject_id=visit.pk).last()
    moment = told_of([last])[0] if last else None
    if moment is None or not moment.by:
        return _("%(patient)s: this visit is %(status)s already. Nothing was changed.") % stands
    stands |= {"who": moment.by, "when": hour(moment.at, visit.center.zone)}
    sentence = _("%(patient)s: this visit is %(status)s already (%(who)s, %(when)s). Nothing was changed.")
    return sentence % stands
