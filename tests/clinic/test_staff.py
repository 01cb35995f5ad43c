"""Where somebody is paged: a number as it is dialed, or none."""

import pytest
from django.db import IntegrityError
from django.test import Client

from clinic.models import Role, Staff
from tests.kernel import make_staff

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def _edited(staff: Staff, phone: str) -> bytes:
    """What the administrator's form answers when it is sent with this number."""
    browser = Client()
    browser.force_login(make_staff(Role.ADMINISTRATOR, is_staff=True, is_superuser=True))
    form = {"username": staff.username, "first_name": "Sam", "role": staff.role, "is_active": "on", "phone": phone}
    licenses = {"licenses-TOTAL_FORMS": "0", "licenses-INITIAL_FORMS": "0"}
    return browser.post(f"/admin/clinic/staff/{staff.pk}/change/", form | licenses, follow=True).content


def test_an_administrator_enters_a_number_and_takes_it_away() -> None:
    clara = make_staff(Role.CLINICIAN)
    for phone in ("+13015550142", ""):
        _edited(clara, phone)
        clara.refresh_from_db()
        assert clara.phone == phone


def test_a_number_that_can_not_be_dialed_is_refused_by_the_form_and_by_the_database() -> None:
    clara = make_staff(Role.CLINICIAN)
    assert b"Not an E.164 number." in _edited(clara, "301-555-0142")
    with pytest.raises(IntegrityError, match="staff_phone_is_e164"):
        Staff.objects.filter(pk=clara.pk).update(phone="301-555-0142")
