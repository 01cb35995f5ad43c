"""Without Twilio's description the contract checks are skipped aloud, or fail where they are required."""

from pathlib import Path

import pytest

from tests.twilio_contract import check_all, description_path


@pytest.fixture
def absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    missing = tmp_path / "description.json"
    monkeypatch.setenv("RULEOUT_TWILIO_DESCRIPTION", str(missing))
    monkeypatch.delenv("RULEOUT_REQUIRE_CONTRACT", raising=False)
    return missing


def test_skipped_aloud(absent: Path) -> None:
    assert description_path() == absent
    with pytest.raises(pytest.skip.Exception, match="description is not at"):
        check_all([])


def test_a_failure_where_required(absent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEOUT_REQUIRE_CONTRACT", "1")
    with pytest.raises(pytest.fail.Exception, match="RULEOUT_TWILIO_DESCRIPTION names another place"):
        check_all([])


def test_beside_the_checkout_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RULEOUT_TWILIO_DESCRIPTION", raising=False)
    assert description_path() == Path(__file__).parents[2] / "shared" / "data" / "twilio_api_v2010.json"
