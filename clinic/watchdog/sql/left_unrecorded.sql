-- The day is over, and nobody has recorded how the patient left, or was asked to.
SELECT a.episode_id, a.id FROM scheduling_appointment a
JOIN scheduling_visittype v ON v.id = a.visit_type_id AND v.kind IN ('dvt_scan', 'repeat_scan')
JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
JOIN clinic_center c ON c.id = a.center_id
WHERE a.status = 'completed'
  -- No center is open past midnight.
  AND (date_trunc('day', a.arrived_at AT TIME ZONE c.zone) + interval '25 hours') AT TIME ZONE c.zone < %(now)s
  AND NOT EXISTS (SELECT FROM clinic_departure d JOIN clinic_report r ON r.id = d.report_id WHERE r.step_id = a.step_id)
  -- Whoever was signed clear may go home with it, whatever is amended later.
  AND NOT EXISTS (
      SELECT FROM clinic_reportversion w JOIN clinic_report r ON r.id = w.report_id
      WHERE r.step_id = a.step_id AND w.category IN ('no_dvt_complete', 'no_dvt_limited')
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step s
      WHERE s.episode_id = a.episode_id AND s.kind = 'on_site' AND s.created_at >= a.arrived_at
  )
