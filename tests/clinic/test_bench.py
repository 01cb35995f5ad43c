"""The bench measures what it says, on real processes; what the figures are is not this test's to judge."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import Resolver404, resolve

from clinic.bench import load_course, pages_course, scale_course, texts_course
from clinic.bench.course import run
from clinic.bench.results import Results
from clinic.local import places
from clinic.local.stack import TWILIO, WEB, Stack
from clinic.local.static_files import collect
from clinic.management.commands.bench import SETTINGS

TRIVIAL = "/api/v1/trivial/"


def test_everything_is_measured_against_work_of_the_same_kind(
    new_stack: Callable[..., Stack], morning_template: str
) -> None:
    stack = new_stack(morning_template, parts=(WEB,), env=SETTINGS)
    out = io.StringIO()
    results = Results(out, as_json=True)
    run(stack, results, rounds=1)
    results.finish({})
    document = json.loads(out.getvalue())
    assert document["passed"] is True
    ratios = {each["name"]: list(each["ratios"]) for each in document["measured"]}
    assert ratios == {
        "search_near_1_day": ["trivial", "sql"],
        "search_all_14_days": ["trivial", "sql"],
        "booking_1_client": ["trivial", "sql"],
        "booking_8_clients": ["trivial", "sql"],
        "booking_without_redis": ["running"],
        "assessment_anonymous": ["trivial"],
        "assessment_with_patient": ["trivial"],
    }
    assert list(document["figures"]) == ["decisions"]


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("RULEOUT_SOAK"), reason="a browser on a slowed network takes its time")
def test_the_course_of_the_pages_weighs_each_of_them(new_stack: Callable[..., Stack], morning_template: str) -> None:
    stack = new_stack(morning_template, parts=(WEB,), env=SETTINGS)
    collect(stack)
    stack.restart(WEB)
    results = Results(io.StringIO(), as_json=True)
    # In a thread of its own: where other tests have used a browser, this one's has an event loop.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(pages_course.run, stack, results, rounds=1).result()
    weights = {each.name: each.value for each in results.figures if each.name.endswith("_kb")}
    assert len(weights) == 7 + len(pages_course.STAFF)
    assert all(0 < weight < 200 for weight in weights.values())


def test_the_courses_of_many_clients_and_of_size_measure_what_they_say(
    new_stack: Callable[..., Stack], morning_template: str
) -> None:
    stack = new_stack(morning_template, parts=(WEB,), env=SETTINGS)
    results = Results(io.StringIO(), as_json=True)
    load_course.run(stack, results, rounds=1, crowd=load_course.Crowd(busy=2, many=3, rush=4, few=2))
    scale_course.run(stack, results, rounds=1, past=200)
    assert {each.name for each in results.measured} == {
        *(f"search_near_{count}_clients" for count in (1, 2, 3)),
        *(f"mixed_{count}_clients" for count in (2, 3)),
        *(f"booking_at_once_{count}_clients" for count in (1, 2)),
        *(f"search_{network}_{reach}" for network in ("110", "1100") for reach in ("near", "all_day", "all_14")),
        "booking_before",
        "booking_after",
    }
    assert [each.name for each in results.figures] == ["booking_above_sql", "rush", "past", "web_memory"]


def test_the_course_of_texts_sends_each_once(new_stack: Callable[..., Stack], morning_template: str) -> None:
    stack = new_stack(morning_template, parts=(TWILIO, WEB), env=SETTINGS)
    results = Results(io.StringIO(), as_json=True)
    texts_course.run(stack, results, rounds=2)
    assert [each.name for each in results.figures] == ["texts", "urgent_median", "urgent_p99"]


def test_the_product_itself_has_no_trivial_view() -> None:
    with pytest.raises(Resolver404):
        resolve(TRIVIAL)
    assert resolve(TRIVIAL, "clinic.bench.urls").url_name == "trivial"


def test_production_refuses_the_settings_of_the_bench() -> None:
    env = {**os.environ, "RULEOUT_ENV": "production", "SECRET_KEY": "x" * 60, **SETTINGS}
    done = subprocess.run(
        [sys.executable, "-c", "import clinic.bench.settings"],
        cwd=places.CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "clinic.bench.settings is for `make bench` only" in done.stderr
