-- Came, was never seen to the end, and nobody was told.
SELECT a.episode_id, a.id FROM scheduling_appointment a JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
WHERE ((a.status = 'arrived' AND greatest(a.arrived_at, a.starts_at) < %(now)s - interval '3 hours')
    OR (a.status = 'in_progress' AND a.started_at < %(now)s - interval '3 hours'))
  AND NOT EXISTS (SELECT FROM clinic_step s WHERE s.id = a.step_id AND s.status = 'escalated')
