"""The product's settings with one more route: the trivial view that `make bench` compares with.

Only the bench names this module. Production has `clinic.settings`, which knows nothing of the view; and should somebody
name this one there, it refuses.
"""

from django.core.exceptions import ImproperlyConfigured

from clinic.settings import *  # noqa: F403 - the product's own, all but one
from clinic.settings import PRODUCTION

if PRODUCTION:
    raise ImproperlyConfigured("clinic.bench.settings is for `make bench` only. Production uses clinic.settings.")

ROOT_URLCONF = "clinic.bench.urls"
