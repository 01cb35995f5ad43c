"""The WSGI application that a server such as gunicorn loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()

# Every view is loaded now, not by the first request; and what is there to stay is not looked through again each time
# that garbage is collected, which took longer than a search of a large network itself.
get_resolver().url_patterns  # noqa: B018 - reading it loads them
gc.collect()
gc.freeze()
