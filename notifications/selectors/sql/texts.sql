-- Texts to patients that were owed and not withdrawn, and those of them that reached nobody.
WITH counted AS (
    SELECT m.status, e.center_id, date_trunc('week', timezone(c.zone, m.due_at))::date AS week
    FROM notifications_message m
    JOIN clinic_episode e ON e.id = m.episode_id
    JOIN clinic_center c ON c.id = e.center_id
    WHERE m.patient_id IS NOT NULL AND m.channel = 'sms'
        AND m.status IN ('sent', 'delivered', 'undelivered', 'failed', 'unknown', 'expired')
        AND timezone(c.zone, m.due_at) >= %(first)s::timestamp AND timezone(c.zone, m.due_at) < %(until)s::timestamp
        AND (%(center)s::bigint IS NULL OR e.center_id = %(center)s::bigint)
)
SELECT center_id, week, grouping(center_id) AS of_all_centers, grouping(week) AS of_all_weeks,
    count(*) AS texts,
    count(*) FILTER (WHERE status IN ('undelivered', 'failed', 'expired')) AS undelivered
FROM counted
GROUP BY GROUPING SETS ((), (week), (center_id), (center_id, week))
