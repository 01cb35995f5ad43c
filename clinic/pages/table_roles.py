"""Tables that stay tables on a phone.

There their rows stand as cards, and `display: block` takes a table's roles away in some browsers: every table of ours
says its roles itself, written into the template as it is loaded.
"""

import re

from django.template import Origin
from django.template.loaders import app_directories

#: The folders of our own templates; the admin's and other people's stay as they are.
OURS = frozenset({"clinic", "components", "notifications", "scheduling", "triage"})
_TAG = re.compile(r"<(table|thead|tbody|tfoot|tr|th|td)\b([^>]*)")
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def with_roles(source: str) -> str:
    """Return a template's source in which each part of a table names its role."""
    return _TAG.sub(_named, source)


def _named(found: re.Match[str]) -> str:
    tag, attributes = found.groups()
    if "role=" in attributes:
        return found[0]
    header = "rowheader" if 'scope="row' in attributes else "columnheader"
    return f'<{tag} role="{_ROLES.get(tag, header)}"{attributes}'


class Loader(app_directories.Loader):
    """Loads the templates of the apps, ours with the roles of their tables."""

    def get_contents(self, origin: Origin) -> str:
        """Read a template."""
        source = super().get_contents(origin)
        folder = str(origin.template_name).partition("/")[0]
        return with_roles(source) if folder in OURS else source
