-- A finding presses, and no clinician has it in hand or was called to it.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.acknowledged_at IS NULL
  AND CASE r.status WHEN 'preliminary' THEN r.impression <> 'negative'
      ELSE r.category NOT IN ('no_dvt_complete', 'no_dvt_limited') END
  AND (SELECT max(v.at) FROM clinic_reportversion v WHERE v.report_id = r.id) < %(now)s - interval '25 minutes'
  AND NOT EXISTS (
      SELECT FROM clinic_step s JOIN clinic_resultalert a ON a.step_id = s.id AND a.report_id = r.id
      WHERE s.kind = 'acknowledge' AND s.status IN ('open', 'scheduled', 'escalated')
        -- Somebody was called a rung ago at the most, or everybody was.
        AND (a.at >= %(now)s - interval '25 minutes' OR a.rung = 'emergency_transfer')
  )
