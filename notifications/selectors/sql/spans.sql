-- How long rule-outs took from one promise to the next, and which kept their clocks: in all, by week, by center, by both.
WITH asked AS MATERIALIZED (
    SELECT e.id, e.center_id, e.clock_started_at, e.scan_by, e.result_by,
        date_trunc('week', timezone(c.zone, e.clock_started_at))::date AS week,
        -- Who declined or went elsewhere before the scan owes this network no scan.
        e.closing_reason IN ('transferred', 'declined', 'died', 'duplicate') AS excused
    FROM clinic_episode e
    JOIN clinic_center c ON c.id = e.center_id
    WHERE e.kind = 'suspected_dvt' AND e.tier IS NOT NULL
        AND timezone(c.zone, e.clock_started_at) >= %(first)s::timestamp
        AND timezone(c.zone, e.clock_started_at) < %(until)s::timestamp
        AND (%(center)s::bigint IS NULL OR e.center_id = %(center)s::bigint)
), scanned AS (
    SELECT a.episode_id, min(a.started_at) AS at
    FROM scheduling_appointment a
    JOIN scheduling_visittype t ON t.id = a.visit_type_id AND t.kind = 'dvt_scan'
    WHERE a.started_at IS NOT NULL AND a.episode_id IN (SELECT id FROM asked)
    GROUP BY a.episode_id
), reported AS (
    SELECT DISTINCT ON (r.episode_id) r.episode_id, r.id, r.scan_ended_at AS scan_ended
    FROM clinic_report r
    JOIN clinic_step s ON s.id = r.step_id AND s.kind = 'scan'
    WHERE r.episode_id IN (SELECT id FROM asked)
    ORDER BY r.episode_id, r.scan_ended_at, r.id
), told AS (
    -- An amendment empties the report's own times, since its telling is owed anew: the first one stays in the events.
    SELECT v.subject_id AS report_id, min(v.at) AS at
    FROM clinic_event v
    WHERE v.kind IN ('result.told', 'result.released') AND v.at >= %(first)s::timestamp AT TIME ZONE 'UTC' - interval '1 day'
        AND v.subject_kind = 'report' AND (v.kind = 'result.released' OR v.codes ->> 'audience' = 'patient')
    GROUP BY v.subject_id
), begun AS (
    SELECT t.episode_id, min(coalesce(t.first_dose_taken_at, t.arrived_at, t.departed_at)) AS at
    FROM clinic_treatmentstart t
    WHERE t.route IN ('first_dose', 'ed_accepted') AND t.episode_id IN (SELECT id FROM asked)
    GROUP BY t.episode_id
), owed AS (
    -- Before the signature a wet read may owe it, outside any plan. A course of 45 days begins within a day, not an hour.
    SELECT DISTINCT s.episode_id
    FROM clinic_step s
    WHERE s.kind = 'treatment_start' AND s.plan_code IN ('', 'treatment_start')
        AND s.status <> 'cancelled' AND s.outcome <> 'not_treated' AND s.episode_id IN (SELECT id FROM asked)
), way AS (
    SELECT a.*, scanned.at AS scanned, reported.scan_ended, told.at AS told, begun.at AS treated,
        owed.episode_id IS NOT NULL AND told.at IS NOT NULL AS treatment_owed,
        scanned.at IS NULL AND a.excused AS left_before
    FROM asked a
    LEFT JOIN scanned ON scanned.episode_id = a.id
    LEFT JOIN reported ON reported.episode_id = a.id
    LEFT JOIN told ON told.report_id = reported.id
    LEFT JOIN owed ON owed.episode_id = a.id
    LEFT JOIN begun ON begun.episode_id = a.id
), minutes AS (
    SELECT way.*,
        (extract(epoch FROM scanned - clock_started_at) / 60)::float8 AS to_scan,
        (extract(epoch FROM told - least(scan_ended, told)) / 60)::float8 AS to_told,
        -- Who was treated before they were told waited no minute.
        CASE WHEN treatment_owed THEN (extract(epoch FROM treated - least(told, treated)) / 60)::float8 END AS to_treated
    FROM way
)
SELECT center_id, week, grouping(center_id) AS of_all_centers, grouping(week) AS of_all_weeks,
    count(*) AS asked,
    count(to_scan) AS scans,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_scan) AS to_scan,
    count(*) FILTER (WHERE scan_by IS NOT NULL AND (scanned IS NOT NULL OR (scan_by < %(now)s AND NOT left_before))) AS scan_due,
    count(*) FILTER (WHERE scanned <= scan_by) AS scan_met,
    count(to_told) AS tellings,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_told) AS to_told,
    count(*) FILTER (WHERE to_told IS NOT NULL OR scan_ended + %(tell_within)s < %(now)s) AS told_due,
    count(*) FILTER (WHERE told <= scan_ended + %(tell_within)s) AS told_met,
    count(*) FILTER (WHERE result_by IS NOT NULL AND (told IS NOT NULL OR (result_by < %(now)s AND NOT left_before))) AS result_due,
    count(*) FILTER (WHERE told <= result_by) AS result_met,
    count(to_treated) AS treatments,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_treated) AS to_treated,
    count(*) FILTER (WHERE to_treated IS NOT NULL OR (treatment_owed AND told + %(treat_within)s < %(now)s)) AS treated_due,
    count(*) FILTER (WHERE treatment_owed AND treated <= told + %(treat_within)s) AS treated_met
FROM minutes
GROUP BY GROUPING SETS ((), (week), (center_id), (center_id, week))
