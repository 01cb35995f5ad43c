"""Numbers on pages: on one line, and one tap away."""

from clinic.templatetags.telephones import numbers_to_call, phone


def test_a_number_stays_on_one_line() -> None:
    assert phone("+13015550147") == '<span class="number-shown">(301) 555-0147</span>'
    assert phone("") == ""


def test_a_number_in_a_sentence_is_a_link_that_calls_it_and_nothing_else_is_markup() -> None:
    told = numbers_to_call("Stop & call 877-722-6388 the same day, <b>not</b> on 2026-11-01.")
    assert '<a href="tel:+18777226388">877-722-6388</a>' in told
    assert told.startswith("Stop &amp; call ")
    assert "&lt;b&gt;not" in told
    assert told.count("<a ") == 1
