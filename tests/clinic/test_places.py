"""A centers file is read whole: good rows become centers, and each fault says its line, field and rule."""

import csv
import io
from datetime import time

import pytest

from clinic.seeding.cells import TEXTABLE, Hours
from clinic.seeding.places import RULES, CenterRow, RowError, read_centers
from notifications.segments import GSM_7_BASIC

GOOD = {
    "code": "C001",
    "name": "Greenbelt Vein Center",
    "short_name": "Greenbelt",
    "street": "7585 Larkspur Avenue, Suite 204",
    "city": "Greenbelt",
    "state": "MD",
    "zip": "20770",
    "zone": "America/New_York",
    "latitude": "38.9996",
    "longitude": "-76.884",
    "phone": "+13015550101",
    "weekday_hours": "07:00-19:00",
    "saturday_hours": "08:00-14:00",
    "sunday_hours": "",
    "arm_scans": "yes",
    "iliac_doppler": "no",
    "scan_rooms": "2",
    "sonographers": "3",
    "wheelchair": "yes",
}


def line_of(**changes: str) -> dict[str, str]:
    return GOOD | changes


def file_of(*lines: dict[str, str], ending: str = "\n", encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD), lineterminator=ending)
    writer.writeheader()
    writer.writerows(lines)
    return io.BytesIO(text.getvalue().encode(encoding))


def read(*lines: dict[str, str]) -> tuple[list[CenterRow], list[RowError]]:
    return read_centers(file_of(*lines))


def faults(file: io.BytesIO) -> list[tuple[int, str, str]]:
    return [(error.line, error.field, error.rule) for error in read_centers(file)[1]]


def test_a_good_line_becomes_a_typed_center() -> None:
    (row,), errors = read(GOOD)
    assert errors == []
    assert (row.code, row.zip, row.latitude, row.longitude) == ("C001", "20770", 38.9996, -76.884)
    assert (row.arm_scans, row.iliac_doppler, row.scan_rooms, row.sonographers) == (True, False, 2, 3)
    assert row.hours_on(4) == Hours(time(7), time(19))
    assert row.hours_on(5) == Hours(time(8), time(14))
    assert row.hours_on(6) is None


@pytest.mark.parametrize(
    ("field", "cell", "rule"),
    [
        ("code", "", "code_form"),
        ("code", "c001", "code_form"),
        ("code", "C" * 13, "code_form"),
        ("name", "", "required"),
        ("name", "N" * 81, "too_long"),
        ("name", "Green\x00belt", "unprintable"),
        ("street", "1 Mill\nRoad", "unprintable"),
        ("short_name", "G" * 19, "too_long"),
        ("short_name", "Bogotá", "not_gsm7"),
        ("short_name", "Green[belt]", "not_gsm7"),
        ("state", "XX", "state_unknown"),
        ("state", "md", "state_unknown"),
        ("zip", "7030", "zip_form"),
        ("zip", "20770-1234", "zip_form"),
        ("zip", "٢٠٧٧٠", "zip_form"),
        ("zone", "America/Greenbelt", "zone_unknown"),
        ("zone", "../../etc/passwd", "zone_unknown"),
        ("zone", "America", "zone_unknown"),
        ("latitude", "90.1", "off_the_globe"),
        ("latitude", "nan", "degrees_form"),
        ("latitude", "38,9", "degrees_form"),
        ("longitude", "-180.5", "off_the_globe"),
        ("longitude", "", "degrees_form"),
        ("phone", "301-555-0101", "phone_not_e164"),
        ("phone", "+130155501", "phone_not_e164"),
        ("phone", "3.01556E+09", "phone_not_e164"),
        ("weekday_hours", "8-18", "hours_form"),
        ("weekday_hours", "08:00-24:00", "hours_form"),
        ("saturday_hours", "14:00-08:00", "hours_order"),
        ("saturday_hours", "08:00-08:00", "hours_order"),
        ("sunday_hours", "08:02-12:00", "hours_off_grid"),
        ("arm_scans", "maybe", "yes_or_no"),
        ("iliac_doppler", "", "yes_or_no"),
        ("wheelchair", "1", "yes_or_no"),
        ("scan_rooms", "0", "count_range"),
        ("scan_rooms", "2.5", "count_range"),
        ("sonographers", "101", "count_range"),
        ("sonographers", "-1", "count_range"),
    ],
)
def test_a_bad_cell_names_its_line_field_and_rule(field: str, cell: str, rule: str) -> None:
    bad = line_of(code="C002", phone="+13015550102") | {field: cell}
    rows, errors = read(GOOD, bad)
    assert [(error.line, error.field, error.rule) for error in errors] == [(3, field, rule)]
    assert errors[0].message
    assert [row.code for row in rows] == ["C001"]


def test_every_fault_of_a_line_is_told_at_once() -> None:
    assert faults(file_of(line_of(state="ZZ", zip="1", scan_rooms="many"))) == [
        (2, "state", "state_unknown"),
        (2, "zip", "zip_form"),
        (2, "scan_rooms", "count_range"),
    ]


def test_a_code_or_phone_used_twice_points_to_its_first_line() -> None:
    rows, errors = read(GOOD, line_of(phone="+13015550102"), line_of(code="C003"))
    assert [(error.line, error.field, error.rule) for error in errors] == [
        (3, "code", "duplicate"),
        (4, "phone", "duplicate"),
    ]
    assert "Line 2" in errors[0].message
    assert len(rows) == 1


def test_a_center_that_never_opens_is_refused() -> None:
    shut = line_of(weekday_hours="", saturday_hours="", sunday_hours="")
    assert faults(file_of(shut)) == [(2, "weekday_hours", "never_open")]


def test_a_center_may_open_on_saturdays_alone() -> None:
    (row,), errors = read(line_of(weekday_hours=""))
    assert errors == []
    assert row.hours_on(0) is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_files_of_every_spreadsheet_are_read(ending: str, encoding: str) -> None:
    rows, errors = read_centers(file_of(line_of(city="Cañon City"), ending=ending, encoding=encoding))
    assert (errors, [row.city for row in rows]) == ([], ["Cañon City"])


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_named(encoding: str) -> None:
    ((_, field, rule),) = faults(file_of(line_of(city="Cañon City"), encoding=encoding))
    assert (field, rule) == ("", "not_utf8")


def test_an_encoding_fault_names_its_line() -> None:
    assert faults(file_of(GOOD, line_of(city="Cañon"), encoding="latin-1")) == [(3, "", "not_utf8")]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\n\n", b" , ,\n"])
def test_an_empty_file_is_named(raw: bytes) -> None:
    assert faults(io.BytesIO(raw)) == [(1, "", "file_empty")]


def test_a_header_alone_is_named() -> None:
    assert faults(file_of()) == [(1, "", "no_rows")]


def test_missing_unknown_and_repeated_columns_are_named() -> None:
    header = [name for name in RULES if name != "zone"] + ["fax", "code"]
    assert faults(io.BytesIO(",".join(header).encode() + b"\n")) == [
        (1, "zone", "column_missing"),
        (1, "fax", "column_unknown"),
        (1, "code", "column_twice"),
    ]


def test_columns_may_stand_in_any_order_with_spaces_and_capitals() -> None:
    names = list(reversed(GOOD))
    cells = [f'"{GOOD[name]}"' for name in names]
    text = " , ".join(name.upper() for name in names) + "\n" + ",".join(cells) + "\n"
    rows, errors = read_centers(io.BytesIO(text.encode()))
    assert (errors, [row.code for row in rows]) == ([], ["C001"])


def test_a_line_with_too_few_or_too_many_cells_is_named_and_the_rest_is_read() -> None:
    raw = file_of(GOOD).getvalue() + b"C002,Short\n" + b"x," * 30 + b"\n"
    rows, errors = read_centers(io.BytesIO(raw))
    assert [(error.line, error.rule) for error in errors] == [(3, "cell_count"), (4, "cell_count")]
    assert len(rows) == 1


def test_blank_lines_are_passed_over_and_still_counted() -> None:
    blank = dict.fromkeys(GOOD, "")
    assert faults(file_of(GOOD, blank, line_of(code="?", phone="+13015550102"))) == [(4, "code", "code_form")]


def test_a_cell_of_several_lines_does_not_shift_the_count() -> None:
    broken = line_of(street="1 Mill\nRoad")
    after = line_of(code="?", phone="+13015550102")
    assert faults(file_of(broken, after)) == [(2, "street", "unprintable"), (4, "code", "code_form")]


def test_an_open_quotation_mark_is_named_where_it_opens() -> None:
    raw = file_of(GOOD).getvalue() + b'C002,"Bowie\n' + b"more\n" * 50
    assert faults(io.BytesIO(raw)) == [(3, "", "not_csv")]


def test_an_endless_cell_is_named() -> None:
    assert faults(io.BytesIO(file_of().getvalue() + b"x" * 200_000)) == [(2, "", "not_csv")]


def test_ten_thousand_lines_are_read_with_their_errors() -> None:
    lines = [line_of(code=f"C{n}", phone=f"+1301{5550000 + n:07d}") for n in range(10_000)]
    lines[9_999]["zip"] = "?"
    rows, errors = read(*lines)
    assert len(rows) == 9_999
    assert [(error.line, error.field) for error in errors] == [(10_001, "zip")]


def test_an_error_reads_as_one_line() -> None:
    assert str(RowError(3, "zip", "zip_form", "Use five digits.")) == "line 3, zip: Use five digits. (zip_form)"
    assert str(RowError(1, "", "file_empty", "The file is empty.")) == "line 1: The file is empty. (file_empty)"


def test_short_names_take_only_characters_that_cost_one_place_in_a_text() -> None:
    allowed = {chr(point) for point in range(0x3000) if TEXTABLE.fullmatch(chr(point))}
    assert allowed <= GSM_7_BASIC
