"""The words of the texts: one segment at their longest, nothing of health in them, no word that the carrier takes."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from notifications import lint, wording
from notifications.segments import Encoding, encoding_of, segment_count, without_costly_marks
from notifications.wording import LANGUAGES, LONGEST, VARIABLES, fill, name_in_text, template

ALL = [(name, language) for name in VARIABLES for language in LANGUAGES]


@pytest.mark.parametrize(("name", "language"), ALL)
def test_every_text_is_one_segment_at_its_longest(name: str, language: str) -> None:
    text = fill(name, language, LONGEST)
    assert (segment_count(text), encoding_of(text)) == (1, Encoding.GSM_7)


def test_there_is_a_file_for_every_text_and_no_other() -> None:
    files = {path.name for path in wording.FOLDER.glob("*.txt")}
    assert files == {f"{name}.{language}.txt" for name, language in ALL}


def test_no_text_has_a_fault() -> None:
    assert list(lint.faults()) == []
    assert lint.check_texts() == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("{clinic}: {name}, your DVT scan is at {when}", "it says 'DVT'"),
        ("{clinic}: {name}, su pierna", "it says 'pierna'"),
        ("{clinic}: {name}, your result is negative", "it says 'negative'"),
        ("{clinic}: {name}, el resultado es positivo", "it says 'positivo'"),
        ("{clinic}: {name}, reply CANCEL to cancel", "it says 'reply CANCEL'"),
        ("{clinic}: {name}, reply yes to confirm", "it says 'reply yes'"),
        ("{clinic}: {name} {surname}", "it names what it is not given: surname"),
        ("{clinic}: {name}, {when}, {center}. {link}" + " x" * 40, "it takes 2 segments at its longest"),
        ("{clinic}: {name}, su próxima cita: {when}, {center}. {link}", "beyond GSM-7: ó"),
        ("{clinic", "it can't be read"),
        ("{clinic}: {name}, {when}, {center}. C=confirm", "it leaves out: link"),
        ("{clinic}: {name}, {when}, {center}. {link} www.clinic.example", "it says 'www.'"),
    ],
)
def test_a_faulty_text_is_refused_before_it_is_deployed(
    words: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, language in ALL:
        (tmp_path / f"{name}.{language}.txt").write_text(template(name, language), encoding="utf-8")
    (tmp_path / "booking_confirmation.es.txt").write_text(words, encoding="utf-8")
    template.cache_clear()
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    try:
        [(where, what)] = lint.faults()
        [error] = lint.check_texts()
    finally:
        template.cache_clear()
    assert where == "booking_confirmation.es"
    assert fault in what
    assert error.id == "notifications.E001"


def test_an_address_of_ours_that_is_too_long_for_one_segment_is_warned_of(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://" + "h" * 16
    assert lint.check_texts() == []
    settings.PUBLIC_BASE_URL += "h"
    assert [each.id for each in lint.check_texts()] == ["notifications.W001"]


def test_a_deployment_that_can_call_nobody_is_warned_of(settings: LazySettings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_VOICE_FROM = "AC" + "0" * 32, ""
    assert [each.id for each in lint.check_texts()] == ["notifications.W002"]
    settings.TWILIO_VOICE_FROM = "+12025550100"
    assert lint.check_texts() == []


@pytest.mark.parametrize(
    ("name", "written"),
    [("María", "Maria"), ("José", "José"), ("Nuño", "Nuño"), ("Zoë", "Zoe"), ("Jesús", "Jesus"), ("Ngọc", "Ngoc")],
)
def test_a_name_does_not_make_its_text_longer(name: str, written: str) -> None:
    assert without_costly_marks(name) == written
    assert encoding_of(written) is Encoding.GSM_7


def test_a_name_in_another_script_stays_as_it_is() -> None:
    assert without_costly_marks("Łukasz") == "Łukasz"
    assert without_costly_marks("李") == "李"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Ana Mar\u00eda", "Ana Maria"),
        ("D\u2019Angelo", "D'Angelo"),
        ("Jean-Luc", "Jean-Luc"),
        ("Maximiliano Alejandro", "Maximiliano"),
        ("J. R.", "J R"),
        # Whoever books chooses the name, and the number that the text goes to.
        ("bit.ly/3xYz", "bitlyxYz"),
        ("Ana\nhttp://x.y", "Ana httpxy"),
    ],
)
def test_a_name_in_a_text_is_letters_and_never_a_link(given: str, said: str) -> None:
    assert name_in_text(given) == said
