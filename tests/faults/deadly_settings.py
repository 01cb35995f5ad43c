"""The product's settings with lines to die at; only the tests of faults name this module, and production refuses it."""

from django.core.exceptions import ImproperlyConfigured

from clinic.settings import *  # noqa: F403 - the product's own, and one app more
from clinic.settings import INSTALLED_APPS, PRODUCTION

if PRODUCTION:
    raise ImproperlyConfigured("tests.faults.deadly_settings is for the tests only. Production uses clinic.settings.")

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.deadly.DeadlyConfig"]
