"""The part of a page that keeps itself up to date: asked for again and again, and sent only where it changed."""

import re
from collections.abc import Mapping
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe

#: The id of the element that asks, in `components/live.html`.
PART = "live"
#: A form's token is masked anew for each answer: it says nothing about what changed.
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def live_response(request: HttpRequest, page: str, part: str, shown: Mapping[str, object]) -> HttpResponse:
    """Render a page with its live part; for the part itself only that, or 304 where the browser shows just this.

    Without script the page has a link that loads it anew.
    """
    words = render_to_string(part, dict(shown), request)
    digest = sha256(_TOKEN.sub(r"\1", words).encode()).hexdigest()
    tag = f'"{digest[:20]}"'
    if request.headers.get("HX-Trigger") != PART:
        # Safe: a template wrote it.
        shown = {**shown, "live": mark_safe(words), "live_tag": tag}  # noqa: S308
        answer = render(request, page, shown)
    else:
        answer = HttpResponse(words, headers={"ETag": tag})
        answer = get_conditional_response(request, etag=tag, response=answer) or answer
    answer["Cache-Control"] = "no-store"
    return answer
