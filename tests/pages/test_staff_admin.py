"""The administration: what is history is looked at there, and by nobody changed."""

from django.contrib import admin
from django.db.models import Model

from clinic.admin import ReadOnly
from clinic.models import Role, Staff
from tests.pages.staff import Ward
from tests.pages.visitors import words


def _append_only(model: type[Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))


def test_what_is_append_only_is_read_only() -> None:
    shown = [each for each in admin.site._registry.items() if _append_only(each[0])]
    beside = [inline for each in admin.site._registry.values() for inline in each.inlines]
    assert shown
    assert [model for model, each in shown if not isinstance(each, ReadOnly)] == []
    assert [each for each in beside if _append_only(each.model) and not issubclass(each, ReadOnly)] == []


def test_an_administrator_sees_the_whole_of_an_episode_and_of_a_report(ward: Ward) -> None:
    report = ward.read()
    Staff.objects.filter(role=Role.ADMINISTRATOR).update(is_staff=True, is_superuser=True)
    ada = ward.browser(Role.ADMINISTRATOR)
    for path in (f"clinic/episode/{report.episode_id}/change/", f"clinic/report/{report.pk}/change/", "clinic/event/"):
        page = ada.get(f"/admin/{path}")
        assert page.status_code == 200, path
        assert 'name="_save"' not in page.content.decode()


def test_languages_are_chosen_and_read_by_their_names(ward: Ward) -> None:
    clinician = ward.people[Role.CLINICIAN]
    Staff.objects.filter(pk=clinician.pk).update(languages=["es"])
    Staff.objects.filter(role=Role.ADMINISTRATOR).update(is_staff=True, is_superuser=True)
    ada = ward.browser(Role.ADMINISTRATOR)
    path = f"/admin/clinic/staff/{clinician.pk}/change/"
    form = ada.get(path).context["adminform"].form
    typed = {name: "" if value is None else value for name, value in form.initial.items() if name in form.fields}
    typed |= {"languages": ["es", "ht"], **dict.fromkeys(("is_staff", "is_superuser", "medical_director"), "")}
    licenses = {"licenses-TOTAL_FORMS": "0", "licenses-INITIAL_FORMS": "0"}
    assert ada.post(path, typed | licenses).status_code == 302
    shown = words(ada.get(f"/staff/people/{clinician.pk}/"))
    assert "English, Spanish, Haitian Creole" in shown
