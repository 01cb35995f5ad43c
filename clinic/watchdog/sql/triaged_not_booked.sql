-- A scan was promised, and nothing leads to one.
SELECT e.id, e.id FROM clinic_episode e
WHERE e.status = 'open' AND e.kind = 'suspected_dvt' AND e.result_by IS NOT NULL
  AND e.opened_at < %(now)s - interval '5 minutes'
  AND NOT EXISTS (SELECT FROM clinic_report r WHERE r.episode_id = e.id)
  AND NOT EXISTS (
      SELECT FROM scheduling_appointment a JOIN scheduling_visittype v ON v.id = a.visit_type_id
      WHERE a.episode_id = e.id AND v.kind IN ('dvt_scan', 'repeat_scan')
        AND a.status IN ('booked', 'confirmed', 'arrived', 'in_progress', 'completed')
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
        AND l.kind IN ('booking', 'callback', 'arrival_call', 'contact', 'decision', 'handover')
  )
