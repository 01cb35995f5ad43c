"""What can go wrong, in the product's own words. One place turns each into problem+json or a form's error."""

from collections.abc import Callable, Mapping


class DomainError(Exception):
    """A refusal with a stable code, an HTTP status and a sentence for the person who asked.

    ``fields`` maps a field's path to what is wrong with it; ``extra`` holds further members of the problem document.
    ``afterwards`` is written in a transaction of its own, once what was refused has been rolled back.
    """

    code = "refused"
    status = 400
    title = "The request was refused."
    afterwards: Callable[[], object] | None = None

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        fields: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code or self.code
        self.detail = detail or self.title
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        #: Writes the event of this refusal: again where the transaction that it was written in is rolled back.
        self.note: Callable[[], None] | None = None
        super().__init__(self.detail)


class Invalid(DomainError):
    """A field holds what it may not."""

    code, status, title = "invalid", 400, "Some fields are not right."


class NotAuthenticated(DomainError):
    """Nobody is logged in."""

    code, status, title = "not_authenticated", 401, "Log in, or send a valid token."


class Forbidden(DomainError):
    """The caller may not do this."""

    code, status, title = "forbidden", 403, "You may not do this."


class NotFound(DomainError):
    """It does not exist, or the caller may not know that it does."""

    code, status, title = "not_found", 404, "There is nothing here."


class Conflict(DomainError):
    """The state of things does not allow it."""

    code, status, title = "conflict", 409, "This does not fit the present state."


class StaleState(Conflict):
    """Somebody else moved it first."""

    code, title = "stale_state", "This was changed in the meantime. Look again, then decide."


class Gone(DomainError):
    """It was there, and its time is over."""

    code, status, title = "gone", 410, "This has expired."


class NoNextStep(Conflict):
    """An open episode would have been left without a next step; the database refused."""

    code, title = "no_next_step", "An open episode needs a next step with an owner and a due time."
