"""The calendar file: lines that every calendar reads."""

from datetime import UTC, datetime, timedelta

from scheduling.ics import Entry, calendar

AT = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)


def _text(**changes: object) -> str:
    values: dict[str, object] = {
        "uid": "visit-1@example.org",
        "sequence": 2,
        "stamped_at": AT,
        "starts_at": AT,
        "ends_at": AT + timedelta(minutes=30),
        "summary": "Visit",
        "location": "Center, 1 Main Street; Suite 2",
        "description": "(240) 555-0100",
    }
    return calendar(Entry(**(values | changes)))  # type: ignore[arg-type]


def test_instants_are_utc_and_text_is_escaped() -> None:
    lines = _text().split("\r\n")
    assert "DTSTART:20260308T063000Z" in lines
    assert "DTEND:20260308T070000Z" in lines
    assert "LOCATION:Center\\, 1 Main Street\\; Suite 2" in lines
    assert lines[-1] == ""


def test_long_lines_are_folded_at_75_octets_and_read_back_whole() -> None:
    place = "Clínica de Várices del Niño, " * 8
    text = _text(location=place)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert place.replace(",", "\\,") in text.replace("\r\n ", "")


def test_a_cancelled_visit_takes_its_entry_away() -> None:
    text = _text(cancelled=True)
    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:2" in text
