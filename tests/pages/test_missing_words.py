"""What was left empty is asked for by its name, on every form and in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from clinic.models import Role
from scheduling.pages.patient.forms import BirthDateForm
from tests.pages.staff import open_ward
from tests.pages.visitors import words

CHECKOUT = Path(__file__).parents[2]
PAIR = [("a", "A"), ("b", "B")]


class Everything(forms.Form):
    """A field of each kind, all of them needed."""

    name = forms.CharField(label="Given name")
    why = forms.CharField(label="Why does it end?")
    born = forms.DateField(label="Birth date")
    taken = forms.DateTimeField(label="First dose")
    side = forms.ChoiceField(label="Side", choices=PAIR)
    ended = forms.ChoiceField(label="How did it end?", choices=PAIR)
    veins = forms.MultipleChoiceField(label="Veins", choices=PAIR)
    told = forms.BooleanField(label="They read it back")
    own = forms.CharField(label="Reason", error_messages={"required": "Say why."})


def _shown(language: str, part: str = "fields") -> str:
    with translation.override(language):
        page = render_to_string(f"components/{part}.html", {"form": Everything({})})
    return re.sub(r"<[^>]+>", "\n", page)


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "Enter this: Given name."),
        ("en", "Answer this: Why does it end?"),
        ("en", "Enter the date: Birth date."),
        ("en", "Enter day and time: First dose."),
        ("en", "Choose one: Side."),
        ("en", "Choose one: How did it end?"),
        ("en", "Choose at least one: Veins."),
        ("en", "Tick this to go on: They read it back."),
        ("en", "Say why."),
        ("es", "Escriba esto: Given name."),
        ("es", "Responda a esto: Why does it end?"),
        ("es", "Escriba la fecha: Birth date."),
        ("es", "Escriba el día y la hora: First dose."),
        ("es", "Elija una opción: Side."),
        ("es", "Elija al menos una opción: Veins."),
        ("es", "Marque esto para seguir: They read it back."),
    ],
)
def test_each_kind_of_field_says_what_to_give(language: str, asked: str) -> None:
    assert asked in _shown(language).splitlines()
    assert asked in _shown(language, "error_summary").splitlines()


def test_what_is_wrong_but_not_empty_keeps_its_label_in_the_summary() -> None:
    given: dict[str, Any] = {"born": "in May"}
    summary = render_to_string("components/error_summary.html", {"form": Everything(given)})
    assert re.search(r">Birth date</a>: Enter a valid date", summary)


def test_no_template_shows_errors_past_these_words() -> None:
    """Whoever loops over a field's errors by hand shows Django's sentence, which names nothing."""
    templates = [path for app in ("clinic", "scheduling", "notifications", "triage") for path in _templates(app)]
    past = {
        f"{path.name}: {found}"
        for path in templates
        for found in re.findall(r"for \w+ in ([\w.]+\.errors) ", path.read_text("utf-8"))
        # A question of the call's script has no field that Django asks for.
        if found != "ask.errors"
    }
    assert templates
    assert not past


def _templates(app: str) -> list[Path]:
    return list((CHECKOUT / app / "templates").rglob("*.html"))


@pytest.mark.django_db
def test_a_page_of_staff_and_the_log_in_name_what_is_missing() -> None:
    register = words(open_ward().browser(Role.REPRESENTATIVE).post("/staff/patients/new/", {}))
    assert "Enter this: Given name." in register
    log_in = words(Client().post("/staff/account/login/", {}))
    assert "This field is required" not in register + log_in
    assert "Enter this: " in log_in


@pytest.mark.parametrize(
    ("language", "asked"),
    [("en", "Enter the patient's birth date."), ("es", "Escriba la fecha de nacimiento del paciente.")],
)
def test_a_link_asks_for_the_birth_date_by_its_name(language: str, asked: str) -> None:
    with translation.override(language):
        page = render_to_string("components/fields.html", {"form": BirthDateForm({})})
    assert asked in page.replace("&#x27;", "'")
