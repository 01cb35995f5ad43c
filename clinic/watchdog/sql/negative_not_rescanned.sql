-- A repeat scan is owed, and none is planned.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.status <> 'preliminary'
  AND (
      r.category = 'non_diagnostic'
      OR (r.category = 'no_dvt_limited' AND NOT (e.pretest_category = 'unlikely' AND EXISTS (
          SELECT FROM clinic_plan p WHERE p.report_id = r.id AND p.d_dimer = 'negative'
      )))
  )
  AND NOT EXISTS (SELECT FROM clinic_report n WHERE n.episode_id = r.episode_id AND n.id > r.id)
  AND NOT EXISTS (
      SELECT FROM clinic_step s WHERE s.episode_id = r.episode_id AND s.kind IN ('follow_up_scan', 'other_imaging')
        AND (s.status = 'done' OR s.status IN ('open', 'scheduled', 'escalated'))
        AND s.id <> r.step_id AND (s.ended_at IS NULL OR s.ended_at > r.scan_ended_at)
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
        AND l.kind IN ('decision')
  )
