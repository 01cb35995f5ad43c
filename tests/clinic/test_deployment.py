"""What an operator of real servers would miss."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from clinic.checks import check_environment
from clinic.local import gate
from clinic.models import Integration, Role, Staff

# Static files are collected by a deployment, not by a test.
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


@pytest.fixture
def deployment(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> LazySettings:
    """The settings of a deployment whose environment is whole."""
    for name, value in gate._PRODUCTION.items():
        monkeypatch.setenv(name, value)
    settings.PRODUCTION = True
    settings.SECRET_KEY, settings.LINK_KEY = gate._PRODUCTION["SECRET_KEY"], gate._PRODUCTION["LINK_KEY"]
    settings.TWILIO_FROM = gate._PRODUCTION["TWILIO_FROM"]
    return settings


def test_a_whole_environment_passes(deployment: LazySettings) -> None:
    assert check_environment() == []


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "TWILIO_AUTH_TOKEN"])
def test_what_is_missing_is_named(name: str, deployment: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    assert [found.msg for found in check_environment()] == [f"{name} is not set."]


def test_a_sender_or_a_key_that_is_missing_is_named(deployment: LazySettings) -> None:
    deployment.TWILIO_FROM, deployment.LINK_KEY = "", deployment.SECRET_KEY
    assert {found.id for found in check_environment()} == {"clinic.E002", "clinic.W001"}


def test_a_list_of_senders_is_a_sender(deployment: LazySettings) -> None:
    deployment.TWILIO_FROM, deployment.TWILIO_SENDERS = "", ["+15005550006"]
    assert check_environment() == []


@pytest.mark.parametrize(
    ("url", "tls"),
    [
        ("rediss://broker.invalid:6379/0", "{'ssl_cert_reqs': <VerifyMode.CERT_REQUIRED: 2>}"),
        ("rediss://broker.invalid:6379/0?ssl_ca_certs=/ca.pem", "{'ssl_ca_certs': '/ca.pem'}"),
        ("redis://broker.invalid:6379/0", "False"),
    ],
)
def test_a_broker_over_tls_shows_its_certificate(url: str, tls: str) -> None:
    asked = [sys.executable, "-c", "from clinic.celery import app; print(app.connection_for_write().ssl)"]
    environment = {**os.environ, "RULEOUT_ENV": "test", "REDIS_URL": url}
    done = subprocess.run(asked, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == tls


@pytest.mark.django_db
def test_a_token_is_printed_once_and_opens_what_its_scopes_say(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("integration", "sheets of C1", "--scope", "centers.read")
    token = capsys.readouterr().out.strip()
    assert token not in str(Integration.objects.values().get())
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/v1/centers/").status_code == 200
    assert program.get("/api/v1/day/?center=C1").status_code == 403
    for wrong in (["sheets of C1", "--scope", "centers.read"], ["x"], ["x", "--scope", "orders.sign"]):
        with pytest.raises(CommandError):
            call_command("integration", *wrong)
    assert Integration.objects.count() == 1


@pytest.mark.django_db
def test_a_server_whose_migrations_wait_is_not_ready() -> None:
    assert Client().get("/readyz").status_code == 200
    last = MigrationRecorder.Migration.objects.filter(app="clinic").order_by("-name").first()
    assert last is not None
    last.delete()
    answer = Client().get("/readyz")
    assert (answer.status_code, "not migrated" in answer.json()["status"]) == (503, True)
    MigrationRecorder.Migration.objects.create(app="clinic", name="9999_of_a_later_release")
    MigrationRecorder.Migration.objects.create(app=last.app, name=last.name)
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_the_first_log_in_can_be_an_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-enough-word")
    call_command("createsuperuser", "--noinput", username="boss", role="administrator", verbosity=0)
    boss = Staff.objects.get(username="boss")
    assert (boss.role, boss.is_superuser) == (Role.ADMINISTRATOR, True)
