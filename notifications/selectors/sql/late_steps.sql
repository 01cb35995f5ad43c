-- Steps whose time passed before they were done, each counted once however often it was raised or opened anew.
WITH RECURSIVE chain AS (
    SELECT s.id AS first_id, s.id, s.status, coalesce(s.escalated_at, s.ended_at) AS late_at,
        coalesce(s.center_id, e.center_id) AS center_id
    FROM clinic_step s
    JOIN clinic_episode e ON e.id = s.episode_id
    WHERE s.succeeds_id IS NULL AND (s.escalated_at IS NOT NULL OR s.status = 'missed')
    UNION ALL
    SELECT chain.first_id, s.id, s.status, chain.late_at, chain.center_id
    FROM chain
    JOIN clinic_step s ON s.succeeds_id = chain.id
), last AS (
    SELECT DISTINCT ON (first_id) first_id, status, late_at, center_id
    FROM chain
    ORDER BY first_id, id DESC
), counted AS (
    SELECT last.status, last.center_id, date_trunc('week', timezone(c.zone, last.late_at))::date AS week
    FROM last
    JOIN clinic_center c ON c.id = last.center_id
    WHERE timezone(c.zone, last.late_at) >= %(first)s::timestamp AND timezone(c.zone, last.late_at) < %(until)s::timestamp
        AND (%(center)s::bigint IS NULL OR last.center_id = %(center)s::bigint)
)
SELECT center_id, week, grouping(center_id) AS of_all_centers, grouping(week) AS of_all_weeks,
    count(*) AS missed,
    count(*) FILTER (WHERE status = 'done') AS rescued,
    count(*) FILTER (WHERE status IN ('open', 'scheduled', 'escalated')) AS still_open,
    count(*) FILTER (WHERE status = 'cancelled') AS given_up
FROM counted
GROUP BY GROUPING SETS ((), (week), (center_id), (center_id, week))
