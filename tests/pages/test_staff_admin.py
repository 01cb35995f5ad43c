"""The administration: what is history is looked at there, and by nobody changed."""

import pytest
from django.contrib import admin
from django.db.models import Model

from clinic.admin import ReadOnly
from clinic.models import Role, Staff
from tests.pages.staff import Ward, open_ward


def _append_only(model: type[Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))


def test_what_is_append_only_is_read_only() -> None:
    shown = [each for each in admin.site._registry.items() if _append_only(each[0])]
    beside = [inline for each in admin.site._registry.values() for inline in each.inlines]
    assert shown
    assert [model for model, each in shown if not isinstance(each, ReadOnly)] == []
    assert [each for each in beside if _append_only(each.model) and not issubclass(each, ReadOnly)] == []


@pytest.fixture
def ward(db: None) -> Ward:
    return open_ward()


def test_an_administrator_sees_the_whole_of_an_episode_and_of_a_report(ward: Ward) -> None:
    report = ward.read()
    Staff.objects.filter(role=Role.ADMINISTRATOR).update(is_staff=True, is_superuser=True)
    ada = ward.browser(Role.ADMINISTRATOR)
    for path in (f"clinic/episode/{report.episode_id}/change/", f"clinic/report/{report.pk}/change/", "clinic/event/"):
        page = ada.get(f"/admin/{path}")
        assert page.status_code == 200, path
        assert 'name="_save"' not in page.content.decode()
