"""Putting a domain error's fields on the form that they belong to, in the visitor's language."""

from django import forms
from django.utils.translation import gettext, ngettext

from clinic.errors import DomainError
from clinic.models import Link
from clinic.services.links import GUESSES


def put_on(form: forms.Form, refused: DomainError) -> None:
    """Add each of the error's fields to the form; what the form does not know stands above it."""
    for field, sentence in refused.fields.items():
        form.add_error(field if field in form.fields else None, gettext(sentence))
    if not refused.fields:
        form.add_error(None, gettext(refused.detail))


def put_tries_on(form: forms.Form, refused: DomainError, link: Link) -> None:
    """Say that an answer was wrong, and how many more there are, in the visitor's language."""
    link.refresh_from_db()
    left = GUESSES - link.failures
    for field in refused.fields:
        wrong = gettext("This is not what we have.")
        tries = ngettext("You have %(left)s try left.", "You have %(left)s tries left.", left) % {"left": left}
        form.add_error(field, f"{wrong} {tries}")
