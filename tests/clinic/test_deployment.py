"""What an operator of real servers would miss."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command

from clinic.checks import check_environment
from clinic.local import gate
from clinic.models import Role, Staff


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
def test_the_first_log_in_can_be_an_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-enough-word")
    call_command("createsuperuser", "--noinput", username="boss", role="administrator", verbosity=0)
    boss = Staff.objects.get(username="boss")
    assert (boss.role, boss.is_superuser) == (Role.ADMINISTRATOR, True)
