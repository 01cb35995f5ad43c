-- Scanned, and nobody reads it.
SELECT a.episode_id, a.id FROM scheduling_appointment a
JOIN scheduling_visittype v ON v.id = a.visit_type_id AND v.kind IN ('dvt_scan', 'repeat_scan')
JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
WHERE a.status = 'completed' AND a.completed_at < %(now)s - interval '10 minutes'
  AND NOT EXISTS (SELECT FROM clinic_report r WHERE r.step_id = a.step_id AND r.status <> 'preliminary')
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
        -- Its own: another study's reading reads nothing of it. One of before readings named theirs counts for any.
        AND l.kind = 'reading' AND coalesce(l.reads_id, a.step_id) = a.step_id
  )
