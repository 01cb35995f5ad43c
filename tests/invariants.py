"""What must hold of any database of ours, asked of the rows themselves and not of what keeps them."""

from collections import defaultdict

from django.apps import apps
from django.db import connection

from scheduling import bits
from scheduling.models import Occupancy, ResourceDay

_WITHOUT_STEP = """
SELECT e.id FROM clinic_episode e WHERE e.status = 'open' AND NOT EXISTS (
    SELECT FROM clinic_step s WHERE s.episode_id = e.id AND s.status IN ('open', 'scheduled', 'escalated')
)
"""
_TAKEN_TWICE = """
SELECT a.id FROM scheduling_occupancy a JOIN scheduling_occupancy b
ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during WHERE a.live AND b.live
"""
_DIGEST = """
SELECT '{0}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM "{0}" t
"""


def episodes_without_step() -> list[int]:
    """Open episodes that nobody owes anything."""
    return _ids(_WITHOUT_STEP)


def taken_twice() -> list[int]:
    """Live occupancies that overlap another of the same resource."""
    return _ids(_TAKEN_TWICE)


def wrong_masks() -> list[int]:
    """Resource-days whose mask is not what their live occupancies say."""
    expected: dict[int, int] = defaultdict(int)
    for taken in Occupancy.objects.filter(live=True).select_related("day"):
        expected[taken.day_id] |= bits.between(taken.day.origin, taken.during.lower, taken.during.upper)
    days = ResourceDay.objects.values_list("id", "busy")
    return [pk for pk, busy in days if bits.decode(busy) != expected[pk]]


def fingerprint(*but: str) -> dict[str, str]:
    """A digest of every row of every table of ours, by table; ``but`` names tables to leave out."""
    labels = ("clinic", "triage", "scheduling", "notifications")
    tables = (model._meta.db_table for label in labels for model in apps.get_app_config(label).get_models())
    with connection.cursor() as cursor:
        cursor.execute("UNION ALL".join(_DIGEST.format(table) for table in tables if table not in but))
        return dict(cursor.fetchall())


def _ids(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
