"""The same work as bare SQL: what a program that knew everything beforehand would send, in as few statements as can be.

Each names the columns that the product's own requests read and write, takes the same locks and leaves the same rows;
`clinic.bench.bookings` counts them. What PostgreSQL itself refuses, it refuses here too.
"""

#: Every center within reach, with what its rooms and sonographers have free on the days of the span.
SEARCH = """
WITH here AS (SELECT latitude, longitude FROM clinic_zipcode WHERE zip = %(zip)s),
near AS (
    SELECT c.*, 2 * 3958.7613 * asin(sqrt(least(1,
        sind((c.latitude - here.latitude) / 2) ^ 2
        + cosd(here.latitude) * cosd(c.latitude) * sind((c.longitude - here.longitude) / 2) ^ 2
    ))) AS miles
    FROM clinic_center c, here WHERE c.active
)
SELECT near.id, near.code, near.name, near.zone, near.miles, d.origin, d.kind, d.shift, d.busy
FROM near
JOIN scheduling_visittype v ON v.code = %(visit_type)s
JOIN scheduling_resourceday d ON d.center_id = near.id AND d.kind = ANY(v.takes)
    AND d."on" BETWEEN %(first)s AND %(last)s
JOIN scheduling_resource r ON r.id = d.resource_id AND r.active AND NOT r.remote
WHERE near.miles <= %(miles)s
"""

#: Choose a room and a sonographer under their locks, keep them, and say so.
HOLD = """
WITH wanted AS (
    SELECT v.id AS visit_type_id, c.id AS center_id, v.takes, %(starts_at)s::timestamptz AS starts_at,
        %(starts_at)s + v.minutes * interval '1 minute' AS ends_at, v.minutes / 5 AS length,
        %(starts_at)s + (v.minutes + v.buffer_minutes) * interval '1 minute' AS free_at,
        (v.minutes + v.buffer_minutes) / 5 AS room
    FROM scheduling_visittype v, clinic_center c
    WHERE v.code = %(visit_type)s AND c.code = %(center)s AND c.active
), candidate AS MATERIALIZED (
    SELECT d.id, d.resource_id, d.kind, d.shift, d.busy,
        (extract(epoch FROM w.starts_at - d.origin) / 300)::int AS first, w.length, w.room
    FROM wanted w
    JOIN scheduling_resourceday d ON d.center_id = w.center_id AND d.kind = ANY(w.takes) AND d."on" = %(on)s
    JOIN scheduling_resource r ON r.id = d.resource_id AND r.active AND NOT r.remote
    ORDER BY d.resource_id FOR NO KEY UPDATE OF d
), chosen AS (
    SELECT DISTINCT ON (kind) id, resource_id FROM candidate
    WHERE NOT EXISTS (SELECT FROM generate_series(first, first + length - 1) bit WHERE get_bit(shift, bit) = 0)
        AND NOT EXISTS (SELECT FROM generate_series(first, first + room - 1) bit WHERE get_bit(busy, bit) = 1)
    ORDER BY kind, resource_id
), kept AS (
    INSERT INTO scheduling_appointment
        (visit_type_id, center_id, status, starts_at, ends_at, holder, hold_purpose, hold_expires_at, sequence,
         created_at, end_reason)
    SELECT visit_type_id, center_id, 'held', starts_at, ends_at, %(holder)s, 'choosing',
        %(now)s + interval '10 minutes', 0, %(now)s, ''
    FROM wanted WHERE (SELECT count(*) FROM chosen) = cardinality(takes)
    RETURNING id, center_id
), taken AS (
    INSERT INTO scheduling_occupancy (appointment_id, resource_id, day_id, during, live)
    SELECT kept.id, chosen.resource_id, chosen.id, tstzrange(wanted.starts_at, wanted.free_at), true
    FROM kept, wanted, chosen ORDER BY chosen.resource_id
    ON CONFLICT DO NOTHING
)
INSERT INTO clinic_event (kind, at, actor_kind, actor_id, center_id, subject_kind, subject_id, codes)
SELECT 'appointment.held', %(now)s, 'integration', 1, center_id, 'appointment', id,
    jsonb_build_object('visit', %(visit_type)s::text, 'sequence', 0)
FROM kept RETURNING subject_id
"""

#: Lock patient, episode and hold; turn the hold into the booking; open the step of the scan and end the one that asked
#: for a booking; sign its order by the standing protocol; tell it all in events; owe the confirmation and the reminder.
BOOK = """
WITH patient AS MATERIALIZED (
    SELECT id, phone, language FROM clinic_patient
    WHERE id = %(patient)s AND merged_into_id IS NULL FOR NO KEY UPDATE
), episode AS MATERIALIZED (
    SELECT e.id, e.center_id, e.patient_id FROM clinic_episode e JOIN patient ON patient.id = e.patient_id
    WHERE e.id = %(episode)s AND e.status = 'open' FOR NO KEY UPDATE OF e
), hold AS MATERIALIZED (
    SELECT a.id, a.center_id, a.starts_at FROM scheduling_appointment a, episode
    WHERE a.id = %(hold)s AND a.holder = %(holder)s AND a.status = 'held' AND a.hold_expires_at > %(now)s
    FOR NO KEY UPDATE OF a
), opened AS (
    INSERT INTO clinic_step
        (episode_id, kind, status, owner_role, center_id, due_at, plan_code, attempts, created_at, outcome)
    SELECT episode.id, 'scan', 'scheduled', 'sonographer', hold.center_id, hold.starts_at, '', 0, %(now)s, ''
    FROM episode, hold RETURNING id
), done AS (
    UPDATE clinic_step s SET status = 'done', outcome = 'booked', ended_at = %(now)s FROM episode, hold
    WHERE s.episode_id = episode.id AND s.kind = 'booking' AND s.status IN ('open', 'scheduled', 'escalated')
    RETURNING s.id
), booked AS (
    UPDATE scheduling_appointment a
    SET status = 'booked', patient_id = episode.patient_id, episode_id = episode.id, step_id = opened.id,
        booked_at = %(now)s, hold_expires_at = NULL
    FROM hold, episode, opened WHERE a.id = hold.id RETURNING a.id, a.center_id, a.starts_at
), ordered AS (
    INSERT INTO clinic_order
        (episode_id, step_id, status, source, priority, study, side, indication, codes, d_dimer, practitioner, npi,
         signed_at, reason, created_at)
    SELECT episode.id, opened.id, 'signed', 'standing_protocol', 'urgent', 'leg_veins', '', '', '{}', 'unknown',
        'Standing protocol', '', %(now)s, '', %(now)s
    FROM episode, opened, booked RETURNING id
), told (kind, center_id, subject_kind, subject_id, codes) AS (
    SELECT 'step.opened', episode.center_id, 'step', opened.id, '{"step": "scan"}'::jsonb FROM episode, opened
    UNION ALL
    SELECT 'step.done', episode.center_id, 'step', done.id, '{"step": "booking", "outcome": "booked"}'
    FROM episode, done
    UNION ALL
    SELECT 'appointment.booked', booked.center_id, 'appointment', booked.id, '{"visit": "V10", "sequence": 0}'
    FROM booked
    UNION ALL
    SELECT 'order.signed', episode.center_id, 'order', ordered.id, '{"side": "", "source": "standing_protocol"}'
    FROM episode, ordered
), events AS (
    INSERT INTO clinic_event
        (kind, at, actor_kind, actor_id, episode_id, patient_id, center_id, subject_kind, subject_id, codes)
    SELECT told.kind, %(now)s, 'integration', 1, episode.id, episode.patient_id, told.center_id, told.subject_kind,
        told.subject_id, told.codes
    FROM told, episode
)
INSERT INTO notifications_message
    (purpose, patient_id, episode_id, about_kind, about_id, dedupe_key, phone, language, urgent, status, due_at,
     expires_at, created_at, end_code)
SELECT owed.purpose, patient.id, episode.id, 'appointment', booked.id,
    owed.purpose || ':appointment:' || booked.id || ':0', patient.phone, patient.language, owed.urgent, 'due',
    CASE WHEN owed.urgent THEN %(now)s ELSE booked.starts_at - interval '1 day' END, booked.starts_at, %(now)s, ''
FROM booked, patient, episode,
    (VALUES ('booking_confirmation', true), ('visit_reminder', false)) AS owed (purpose, urgent)
ON CONFLICT DO NOTHING RETURNING about_id
"""

#: People who need a scan: a patient, an open episode of tier 2 and the step that asks for a booking, for each.
PATIENTS = """
WITH center AS (SELECT min(id) AS id FROM clinic_center),
patient AS (
    INSERT INTO clinic_patient (given_name, family_name, birth_date, sex, phone, language, zip, created_at)
    SELECT 'Bench', 'Patient ' || number, '1968-03-09', 'F', '+130155501' || lpad((number %% 100)::text, 2, '0'), 'en',
        %(zip)s, %(now)s
    FROM generate_series(1, %(count)s) number RETURNING id
), episode AS (
    INSERT INTO clinic_episode
        (patient_id, kind, status, center_id, tier, clock_started_at, scan_by, result_by, pretest_category, pregnant,
         active_cancer, opened_at, closing_reason)
    SELECT patient.id, 'suspected_dvt', 'open', center.id, 2, %(now)s, %(now)s + interval '8 hours',
        %(now)s + interval '12 hours', 'likely', false, false, %(now)s, ''
    FROM patient, center RETURNING id, patient_id, center_id
), step AS (
    INSERT INTO clinic_step
        (episode_id, kind, status, owner_role, center_id, due_at, plan_code, attempts, created_at, outcome)
    SELECT id, 'booking', 'open', 'representative', center_id, %(now)s + interval '30 minutes', '', 0, %(now)s, ''
    FROM episode
)
SELECT patient_id, id FROM episode
"""

#: How many rows there are of all that a booking writes.
WRITTEN = """
SELECT (SELECT count(*) FROM scheduling_appointment), (SELECT count(*) FROM scheduling_occupancy),
    (SELECT count(*) FROM clinic_step), (SELECT count(*) FROM clinic_event),
    (SELECT count(*) FROM notifications_message), (SELECT count(*) FROM clinic_order)
"""
