"""The demo's approval of the words of its texts: once, by the physician who logs in there."""

from clinic.access import staff_actor
from clinic.models import Role, Staff
from clinic.seeding.logins import DEMO_LOGINS
from notifications.models import TemplateApproval
from notifications.selectors.approvals import unapproved
from notifications.services.approving import approve


def approve_words() -> int:
    """Approve all texts of an installation that has never approved any; return how many.

    Words that are changed afterwards wait, in the demo too: whoever changes them sees what that means.
    """
    if TemplateApproval.objects.exists():
        return 0
    username = next(login.username for login in DEMO_LOGINS if login.role == Role.PHYSICIAN)
    physician = Staff.objects.get(username=username)
    return len(approve(staff_actor(physician, second_factor=True), texts=unapproved()))
