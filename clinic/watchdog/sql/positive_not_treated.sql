-- A clot was found, and no treatment is begun or owed.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.status <> 'preliminary'
  AND r.category IN ('acute_proximal_dvt', 'acute_iliofemoral_threatened', 'svt_near_sfj', 'upper_extremity_dvt')
  AND NOT EXISTS (
      SELECT FROM clinic_report n WHERE n.episode_id = r.episode_id AND n.id > r.id AND n.status <> 'preliminary'
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step s WHERE s.episode_id = r.episode_id AND s.kind IN ('treatment_start', 'handover')
        AND (s.status = 'done' OR s.status IN ('open', 'scheduled', 'escalated'))
  )
