"""Fewer than 3% of the mutants of the clinical rules survive their tests without an explanation."""

import faulthandler
import os
from pathlib import Path

import pytest

from clinic.local import places
from tests.mutants.running import run
from tests.plugin import STATE_VARIABLE

pytestmark = pytest.mark.soak


@pytest.mark.skipif(not os.environ.get("RULEOUT_SOAK"), reason="takes many minutes: make soak")
def test_the_tests_notice_small_faults_in_the_rules(capfd: pytest.CaptureFixture[str]) -> None:
    # It takes longer than a test that hangs.
    faulthandler.cancel_dump_traceback_later()
    # The run's own leftovers are removed with those of its servers, however it ends.
    folder = places.STATE / f"{Path(os.environ[STATE_VARIABLE]).name}-mutants"
    with capfd.disabled():
        verdict = run(folder, tell=lambda words: print(words, flush=True))
    assert not verdict.fails, "\n".join(verdict.lines())
