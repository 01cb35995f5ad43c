-- Past due, and the sweep has not raised it.
SELECT s.episode_id, s.id FROM clinic_step s JOIN clinic_episode e ON e.id = s.episode_id AND e.status = 'open'
WHERE s.status IN ('open', 'scheduled', 'escalated')
  AND s.due_at < %(now)s - CASE s.status WHEN 'scheduled' THEN interval '130 minutes' ELSE interval '10 minutes' END
