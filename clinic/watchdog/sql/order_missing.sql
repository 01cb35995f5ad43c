-- A scan starts within the hour without a signed order, and nobody is asked for one.
SELECT a.episode_id, a.id FROM scheduling_appointment a
JOIN scheduling_visittype v ON v.id = a.visit_type_id AND v.kind IN ('dvt_scan', 'repeat_scan')
JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
WHERE a.status IN ('booked', 'confirmed', 'arrived') AND a.starts_at < %(now)s + interval '1 hour'
  AND NOT EXISTS (
      SELECT FROM clinic_order o
      WHERE o.episode_id = a.episode_id AND o.status = 'signed' AND (o.step_id = a.step_id OR o.step_id IS NULL)
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = a.episode_id AND l.kind = 'order' AND l.status IN ('open', 'scheduled', 'escalated')
  )
