-- Nobody came, and nobody has noticed.
SELECT a.episode_id, a.id FROM scheduling_appointment a JOIN scheduling_visittype v ON v.id = a.visit_type_id
JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
WHERE a.status IN ('booked', 'confirmed')
  AND a.starts_at < %(now)s - CASE v.kind WHEN 'dvt_scan' THEN interval '40 minutes' ELSE interval '70 minutes' END
