"""Texts that are owed all at once, in SQL, and when each of them left."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import psycopg

from clinic.bench.visits import ZIP

#: Patients who agreed to texts, each with a number and a visit of their own, and one text about it that is due now.
_OWE = """
WITH clock AS (SELECT now() + make_interval(secs => coalesce((SELECT seconds FROM clinic_clockoffset), 0)) AS now),
center AS (SELECT min(id) AS id FROM clinic_center),
patient AS (
    INSERT INTO clinic_patient (given_name, family_name, birth_date, sex, phone, language, zip, created_at)
    SELECT 'Bench', 'Text ' || number, '1968-03-09', 'F', '+1240' || number, 'en', %(zip)s, clock.now
    FROM clock, generate_series(%(first)s::int, %(first)s + %(count)s - 1) number RETURNING id, phone
), consent AS (
    INSERT INTO clinic_consent (phone, patient_id, scope, granted, covers_calls, channel, language, wording,
        wording_version, at)
    SELECT phone, id, 'care_texts', true, false, 'phone', 'en', 'I agree.', 'bench', clock.now FROM patient, clock
), episode AS (
    INSERT INTO clinic_episode
        (patient_id, kind, status, center_id, clock_started_at, pregnant, active_cancer, pretest_category, opened_at,
         closing_reason)
    SELECT patient.id, 'consult', 'open', center.id, clock.now, false, false, '', clock.now, ''
    FROM patient, center, clock RETURNING id, patient_id, center_id
), step AS (
    INSERT INTO clinic_step
        (episode_id, kind, status, owner_role, center_id, due_at, plan_code, attempts, created_at, outcome)
    SELECT id, 'consult', 'scheduled', 'clinician', center_id, clock.now + interval '2 days', '', 0, clock.now, ''
    FROM episode, clock
), visit AS (
    INSERT INTO scheduling_appointment (visit_type_id, center_id, patient_id, episode_id, status, starts_at, ends_at,
        holder, hold_purpose, sequence, created_at, booked_at, end_reason)
    SELECT t.id, e.center_id, e.patient_id, e.id, 'booked', clock.now + interval '1 day',
        clock.now + interval '25 hours', 'staff:1', 'choosing', 0, clock.now, clock.now, ''
    FROM episode e, clock, scheduling_visittype t WHERE t.code = 'V30' RETURNING id, patient_id, episode_id, starts_at
)
INSERT INTO notifications_message (purpose, channel, patient_id, episode_id, about_kind, about_id, dedupe_key, phone,
    language, urgent, status, due_at, expires_at, end_code, created_at)
SELECT %(purpose)s::text, 'sms', v.patient_id, v.episode_id, 'appointment', v.id,
    %(purpose)s::text || ':appointment:' || v.id || ':0', p.phone, 'en', %(urgent)s, 'due',
    clock.now - (v.id %% %(over)s) * interval '1 second', v.starts_at, '', clock.now
FROM visit v JOIN patient p ON p.id = v.patient_id, clock
"""
_FIRST_NUMBER = 2_000_000
_A_SECOND = 20
#: Of the texts whose number is within a span: how many wait, how many calls were made, and how they ended.
_STATE = """
SELECT count(*) FILTER (WHERE m.status = 'due'),
    (SELECT count(*) FROM notifications_attempt a JOIN notifications_message t ON t.id = a.message_id
     WHERE t.purpose = %(purpose)s),
    count(*) FILTER (WHERE m.status IN ('sent', 'delivered'))
FROM notifications_message m WHERE m.purpose = %(purpose)s
"""
_WAITED = """
SELECT extract(epoch FROM a.at - m.due_at) + coalesce((SELECT seconds FROM clinic_clockoffset), 0)
FROM notifications_message m JOIN notifications_attempt a ON a.message_id = m.id AND a.number = 1
WHERE m.purpose = %(purpose)s
"""
_TAKEN = """
SELECT count(*) FROM notifications_attemptoutcome WHERE kind = 'accepted' AND at BETWEEN %s AND %s
"""


@dataclass(frozen=True)
class Standing:
    """How the texts of a purpose stand: not begun, calls to the provider, and taken by it."""

    due: int
    attempts: int
    taken: int


class Owed:
    """The texts of one bench, and what became of them."""

    def __init__(self, database: psycopg.Connection) -> None:
        self._database = database
        self._next = _FIRST_NUMBER

    def owe(self, purpose: str, *, count: int, urgent: bool) -> None:
        """Owe so many texts, each to a patient of its own: one is due now, of many a few each second until now."""
        over = max(count // _A_SECOND, 1)
        values = {"first": self._next, "count": count, "purpose": purpose, "urgent": urgent, "zip": ZIP, "over": over}
        self._database.execute(_OWE, values)
        self._next += count

    def standing(self, purpose: str) -> Standing:
        """How the texts of a purpose stand."""
        row = self._database.execute(_STATE, {"purpose": purpose}).fetchone()
        return Standing(*row) if row else Standing(0, 0, 0)

    def waited(self, purpose: str) -> list[float]:
        """For how many seconds each that left had been due."""
        return [float(seconds) for (seconds,) in self._database.execute(_WAITED, {"purpose": purpose}).fetchall()]

    def now(self) -> datetime:
        """The database's time."""
        row = self._database.execute("SELECT clock_timestamp()").fetchone()
        return cast("datetime", row[0]) if row else datetime.now(UTC)

    def taken_between(self, since: datetime, until: datetime) -> int:
        """How many texts the provider took between two instants."""
        row = self._database.execute(_TAKEN, [since, until]).fetchone()
        return int(row[0]) if row else 0
