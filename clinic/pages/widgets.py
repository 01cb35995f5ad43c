"""How a long list of choices is written."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A list as long as the network, without groups, written at once: Django renders a template for each choice."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return what Django's own list returns, but for white space."""
        shown = self.get_context(name, value, attrs)["widget"]
        options = [option for _, group, _ in shown["optgroups"] for option in group]
        rows = ((each["value"], flatatt({"selected": each["selected"]}), each["label"]) for each in options)
        choices = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html('<select name="{}"{}>{}</select>', shown["name"], flatatt(shown["attrs"]), choices)
