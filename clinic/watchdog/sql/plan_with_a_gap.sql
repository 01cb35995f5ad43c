-- The plan lacks a step of its result.
SELECT p.episode_id, p.id FROM clinic_plan p JOIN clinic_episode e ON e.id = p.episode_id AND e.status = 'open'
JOIN (VALUES
    ('acute_proximal_dvt', 'treatment_start'), ('acute_proximal_dvt', 'call_d1'),
    ('acute_proximal_dvt', 'call_d5_7'), ('acute_proximal_dvt', 'visit_d7_14'),
    ('acute_proximal_dvt', 'call_d19_21'), ('acute_proximal_dvt', 'visit_1_month'),
    ('acute_proximal_dvt', 'visit_3_months'), ('acute_proximal_dvt', 'visit_6_months'),
    ('acute_proximal_dvt', 'visit_12_months'),
    ('svt_near_sfj', 'treatment_start'), ('svt_near_sfj', 'call_d1'),
    ('svt_near_sfj', 'call_d5_7'), ('svt_near_sfj', 'visit_d7_14'),
    ('svt_near_sfj', 'call_d19_21'), ('svt_near_sfj', 'visit_1_month'),
    ('svt_near_sfj', 'visit_3_months'), ('svt_near_sfj', 'visit_6_months'),
    ('svt_near_sfj', 'visit_12_months'),
    ('upper_extremity_dvt', 'treatment_start'), ('upper_extremity_dvt', 'call_d1'),
    ('upper_extremity_dvt', 'call_d5_7'), ('upper_extremity_dvt', 'visit_d7_14'),
    ('upper_extremity_dvt', 'call_d19_21'), ('upper_extremity_dvt', 'visit_1_month'),
    ('upper_extremity_dvt', 'visit_3_months'), ('upper_extremity_dvt', 'visit_6_months'),
    ('upper_extremity_dvt', 'visit_12_months'),
    ('acute_iliofemoral_threatened', 'handover'), ('acute_iliofemoral_threatened', 'treatment_start'),
    ('acute_iliofemoral_threatened', 'call_d1'), ('acute_iliofemoral_threatened', 'call_d5_7'),
    ('acute_iliofemoral_threatened', 'visit_d7_14'), ('acute_iliofemoral_threatened', 'call_d19_21'),
    ('acute_iliofemoral_threatened', 'visit_1_month'), ('acute_iliofemoral_threatened', 'visit_3_months'),
    ('acute_iliofemoral_threatened', 'visit_6_months'), ('acute_iliofemoral_threatened', 'visit_12_months'),
    ('isolated_distal_dvt', 'call_d1'),
    ('non_diagnostic', 'repeat_scan_d5_7'),
    ('svt_long', 'call_d1'), ('svt_long', 'call_d7'),
    ('svt_long', 'scan_d7_14'), ('svt_long', 'visit_d45'),
    ('svt_short', 'scan_d7_10'),
    ('chronic_post_thrombotic', 'consult_d14'),
    ('incidental', 'incidental_call')
) AS x(category, code) ON x.category = p.category
WHERE p.superseded_at IS NULL AND p.ended_at IS NULL
  AND NOT EXISTS (
      SELECT FROM clinic_step s JOIN clinic_plan q ON q.id = s.plan_id
      WHERE q.episode_id = p.episode_id AND s.plan_code = x.code
  )
GROUP BY 1, 2
