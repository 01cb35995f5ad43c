"""A long list reads as Django's own."""

from django import forms
from django.test.html import parse_html

from clinic.pages.widgets import LongSelect

CHOICES = [("", "All"), ("C001", "Greenbelt <MD>"), ("C002", "Bowie")]


class Form(forms.Form):
    """The same list twice."""

    quick = forms.ChoiceField(choices=CHOICES, widget=LongSelect, help_text="Where?")
    slow = forms.ChoiceField(choices=CHOICES, help_text="Where?")


def test_a_long_list_is_written_as_django_writes_it() -> None:
    form = Form({"quick": "C001", "slow": "C001"})
    assert parse_html(str(form["quick"]).replace("quick", "slow")) == parse_html(str(form["slow"]))
    assert "Greenbelt &lt;MD&gt;" in str(form["quick"])
