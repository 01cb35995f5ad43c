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

#: What the administration's tables lack: a header that names nothing is no header, and what is wider than the screen is
#: scrolled by keys as well.
MENDED = {
    '<th class="original"></th>': '<td class="original"></td>',
    "<th>{% if inline_admin_formset.formset.can_delete and inline_admin_formset.has_delete_permission %}"
    '{% translate "Delete?" %}{% endif %}</th>': "{% if inline_admin_formset.formset.can_delete and "
    'inline_admin_formset.has_delete_permission %}<th>{% translate "Delete?" %}</th>{% else %}<td></td>{% endif %}',
    '<div class="js-inline-admin-formset inline-group"': '<div class="js-inline-admin-formset inline-group"'
    ' tabindex="0" role="region" aria-labelledby="{{ inline_admin_formset.formset.prefix }}-heading"',
}


def with_roles(source: str) -> str:
    """Return a template's source in which each part of a table names its role."""
    return _TAG.sub(_named, source)


def _named(found: re.Match[str]) -> str:
    tag, attributes = found.groups()
    if "role=" in attributes:
        return found[0]
    header = "rowheader" if 'scope="row' in attributes else "columnheader"
    return f'<{tag} role="{_ROLES.get(tag, header)}"{attributes}'


def mended(source: str) -> str:
    """Return the source of the administration's tables without what it lacks. A part that has gone is left as it is."""
    for lacking, whole in MENDED.items():
        source = source.replace(lacking, whole)
    return source


class Loader(app_directories.Loader):
    """Loads the templates of the apps, ours with the roles of their tables."""

    def get_contents(self, origin: Origin) -> str:
        """Read a template."""
        source = super().get_contents(origin)
        folder = str(origin.template_name).partition("/")[0]
        if folder in OURS:
            return with_roles(source)
        return mended(source) if origin.template_name == "admin/edit_inline/tabular.html" else source
