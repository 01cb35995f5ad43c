"""Making the benched network as large, as full and as old as a question asks: in SQL, since nobody will live in it."""

from random import Random

import psycopg

_SEED = 2026
#: Five-minute bits that a scan takes with its buffer, and the share of a day that is taken where it is "full".
_VISIT, _TAKEN = 8, 0.9
#: Bytes of a stored day.
_SIZE = 38

_CENTERS = """
INSERT INTO clinic_center (code, name, short_name, street, city, state, zip, zone, latitude, longitude, phone,
    arm_scans, iliac_doppler, wheelchair, active)
SELECT left(code, 4) || '-' || copy, name, short_name, street, city, state, zip, zone,
    latitude + ((copy * 37) %% 11 - 5) * 0.08, longitude + ((copy * 53) %% 11 - 5) * 0.08, phone, arm_scans,
    iliac_doppler, wheelchair, active
FROM clinic_center, generate_series(2, %(times)s) copy
"""
_RESOURCES = """
INSERT INTO scheduling_resource (center_id, kind, name, remote, active)
SELECT c.id, r.kind, r.name, false, r.active
FROM scheduling_resource r JOIN clinic_center o ON o.id = r.center_id AND o.code NOT LIKE '%%-%%'
JOIN clinic_center c ON c.code LIKE left(o.code, 4) || '-%%'
WHERE NOT r.remote
"""
_DAYS = """
INSERT INTO scheduling_resourceday (resource_id, center_id, kind, "on", origin, shift, busy)
SELECT n.id, n.center_id, d.kind, d."on", d.origin, d.shift, d.busy
FROM scheduling_resource n JOIN clinic_center c ON c.id = n.center_id AND c.code LIKE '%%-%%'
JOIN clinic_center o ON o.code = split_part(c.code, '-', 1)
JOIN scheduling_resource r ON r.center_id = o.id AND r.kind = n.kind AND r.name = n.name
JOIN scheduling_resourceday d ON d.resource_id = r.id AND d."on" < %(until)s
"""
_UNITS = """
SELECT d.id, d.shift, d.busy, row_number() OVER (PARTITION BY d.center_id, d."on", d.kind ORDER BY d.id), d.center_id,
    d."on"
FROM scheduling_resourceday d WHERE d.kind IN ('room', 'sonographer') AND d."on" < %(until)s
"""
_FILL = "UPDATE scheduling_resourceday d SET busy = i.busy FROM incoming_busy i WHERE i.id = d.id"
_PAST = """
WITH whose AS (
    SELECT array_agg(e.patient_id) AS patients, array_agg(e.id) AS episodes
    FROM (SELECT patient_id, id FROM clinic_episode ORDER BY id LIMIT 500) e
), made AS (
    INSERT INTO scheduling_appointment (visit_type_id, center_id, patient_id, episode_id, status, starts_at, ends_at,
        holder, hold_purpose, sequence, created_at, booked_at, arrived_at, started_at, completed_at, end_reason)
    SELECT v.id, c.id, patients[1 + n %% cardinality(patients)], episodes[1 + n %% cardinality(patients)], 'completed',
        at, at + interval '30 minutes', 'staff:1', 'choosing', 0, at, at, at, at, at, ''
    FROM whose, generate_series(1, %(count)s) n
    CROSS JOIN LATERAL (SELECT %(now)s - n * interval '90 seconds' AS at) t
    JOIN scheduling_visittype v ON v.code = 'V10'
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM clinic_center) c ON c.place = n %% 100
    RETURNING id, starts_at
)
INSERT INTO scheduling_occupancy (appointment_id, resource_id, day_id, during, live)
SELECT m.id, d.resource_id, d.id, tstzrange(m.starts_at, m.starts_at + interval '40 minutes'), false
FROM made m CROSS JOIN (SELECT id, resource_id FROM scheduling_resourceday ORDER BY id LIMIT 2) d
"""


def multiply(database: psycopg.Connection, *, times: int, until: object) -> int:
    """Set up so many copies of every center around it, with its units and their days; return how many centers now."""
    parameters = {"times": times, "until": until}
    for statement in (_CENTERS, _RESOURCES, _DAYS):
        database.execute(statement, parameters)
    database.execute("VACUUM ANALYZE")
    row = database.execute("SELECT count(*) FROM clinic_center").fetchone()
    return int(row[0]) if row else 0


def fill(database: psycopg.Connection, *, until: object) -> None:
    """Take nine tenths of what can be scanned: the same visits on the rooms and the sonographers of a center."""
    with database.transaction():
        database.execute("CREATE TEMPORARY TABLE incoming_busy (id bigint, busy bytea) ON COMMIT DROP")
        units = database.execute(_UNITS, {"until": until}).fetchall()
        with database.cursor().copy("COPY incoming_busy FROM STDIN") as copy:
            for day, shift, busy, number, center, on in units:
                taken = _taken(_mask(shift), f"{center}/{on}/{number}") | _mask(busy)
                copy.write_row((day, taken.to_bytes(_SIZE, "little")))
        database.execute(_FILL)
    database.execute("VACUUM ANALYZE scheduling_resourceday")


def _mask(stored: bytes) -> int:
    return int.from_bytes(stored, "little")


def _taken(shift: int, unit: str) -> int:
    chance = Random(f"{_SEED}/{unit}")  # noqa: S311 - a load to measure, no secret
    busy, first = 0, (shift & -shift).bit_length() - 1
    for start in range(max(first, 0), shift.bit_length(), _VISIT):
        if chance.random() < _TAKEN:
            busy |= ((1 << _VISIT) - 1) << start
    return busy & shift


def grow_old(database: psycopg.Connection, *, count: int, now: object) -> None:
    """Write so many visits that are over, without the triggers: a million calls would change no row of them."""
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        database.execute(_PAST, {"count": count, "now": now})
    database.execute("VACUUM ANALYZE")
