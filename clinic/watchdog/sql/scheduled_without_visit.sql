-- A step waits for a visit that does not stand.
SELECT s.episode_id, s.id FROM clinic_step s JOIN clinic_episode e ON e.id = s.episode_id AND e.status = 'open'
WHERE s.status = 'scheduled' AND s.kind IN ('scan', 'follow_up_scan', 'follow_up_visit', 'consult')
  AND NOT EXISTS (
      SELECT FROM scheduling_appointment a
      WHERE a.step_id = s.id AND a.status IN ('booked', 'confirmed', 'arrived', 'in_progress')
  )
