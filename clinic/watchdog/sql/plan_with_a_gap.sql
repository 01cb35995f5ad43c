-- The plan lacks a step of its result.
SELECT p.episode_id, p.id FROM clinic_plan p JOIN clinic_episode e ON e.id = p.episode_id AND e.status = 'open'
CROSS JOIN LATERAL (
    SELECT unnest(ARRAY['treatment_start', 'call_d1', 'call_d5_7', 'visit_d7_14', 'call_d19_21', 'visit_1_month',
        'visit_3_months', 'baseline_scan_3_months'])
    WHERE p.category IN ('acute_proximal_dvt', 'svt_near_sfj', 'upper_extremity_dvt', 'acute_iliofemoral_threatened')
       OR (p.category = 'isolated_distal_dvt' AND p.treated)
    UNION ALL
    SELECT unnest(ARRAY['visit_6_months', 'visit_12_months'])
    WHERE p.category IN ('acute_proximal_dvt', 'svt_near_sfj', 'upper_extremity_dvt', 'acute_iliofemoral_threatened')
    UNION ALL
    SELECT 'handover' WHERE p.category = 'acute_iliofemoral_threatened'
    UNION ALL
    SELECT unnest(ARRAY['call_d1', 'scan_d7', 'scan_d14']) WHERE p.category = 'isolated_distal_dvt' AND NOT p.treated
    UNION ALL
    SELECT unnest(ARRAY['clinician_today', CASE WHEN p.other_imaging THEN 'other_imaging_24h' ELSE 'repeat_scan_d5_7' END])
    WHERE p.category = 'non_diagnostic'
    UNION ALL
    SELECT unnest(ARRAY['scan_d3', 'scan_d7'])
    WHERE p.category IN ('no_dvt_complete', 'no_dvt_limited') AND p.pregnant AND p.suspicion_persists IS NOT FALSE
    UNION ALL
    SELECT CASE WHEN e.pretest_category = 'unlikely' AND p.d_dimer = 'negative' THEN 'safety_call_d7'
        ELSE 'repeat_scan_d6_8' END
    WHERE p.category = 'no_dvt_limited' AND NOT (p.pregnant AND p.suspicion_persists IS NOT FALSE)
    UNION ALL
    SELECT unnest(ARRAY['course_start', 'call_d1', 'call_d7', 'scan_d7_14', 'visit_d45']) WHERE p.category = 'svt_long'
    UNION ALL
    SELECT 'scan_d7_10' WHERE p.category = 'svt_short'
    UNION ALL
    SELECT 'consult_d14' WHERE p.category = 'chronic_post_thrombotic'
    UNION ALL
    SELECT unnest(ARRAY['scan_d1_3', 'scan_d7_10']) WHERE p.category = 'chronic_post_thrombotic' AND p.equivocal
    UNION ALL
    SELECT unnest(ARRAY['incidental_call', 'incidental_referral']) WHERE p.category = 'incidental'
) AS x(code)
WHERE p.superseded_at IS NULL AND p.ended_at IS NULL
  AND NOT EXISTS (
      SELECT FROM clinic_step s JOIN clinic_plan q ON q.id = s.plan_id
      WHERE q.episode_id = p.episode_id AND s.plan_code = x.code
        AND (s.plan_id = p.id OR s.status = 'done')
        -- Ended without a person's word, it leaves the gap that it was to fill.
        AND (s.status <> 'cancelled' OR s.ended_by_id IS NOT NULL)
        AND (s.status <> 'missed' OR EXISTS (SELECT FROM clinic_step n WHERE n.succeeds_id = s.id))
  )
GROUP BY 1, 2
