"""The log-in of staff."""

from typing import Any

from allauth.account.forms import LoginForm


class LogInForm(LoginForm):
    """Name and password. Each field says what it is once, by its label: no hint that goes away says it again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
