-- A repeat scan is owed, and none is planned.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.status <> 'preliminary'
  AND (r.category = 'non_diagnostic' OR (r.category = 'no_dvt_limited' AND e.pretest_category <> 'unlikely'))
  AND NOT EXISTS (SELECT FROM clinic_report n WHERE n.episode_id = r.episode_id AND n.id > r.id)
  AND NOT EXISTS (
      SELECT FROM clinic_step s WHERE s.episode_id = r.episode_id AND s.kind = 'follow_up_scan'
        AND (s.status = 'done' OR s.status IN ('open', 'scheduled', 'escalated'))
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
        AND l.kind IN ('decision')
  )
