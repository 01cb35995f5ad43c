-- Open, and nobody owes anything.
SELECT e.id, e.id FROM clinic_episode e
WHERE e.status = 'open'
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
  )
