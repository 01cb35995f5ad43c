"""The WSGI application that a server such as gunicorn loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()
# Loaded here rather than by each process's first request: a server that loads the application before it forks
# (gunicorn's --preload) has it once, and a process that takes the place of a dead one answers at once.
get_resolver().url_patterns  # noqa: B018
