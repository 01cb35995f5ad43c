-- Read, and nobody tells the patient.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.patient_told_at IS NULL AND r.result_sent_at IS NULL
  AND (r.status <> 'preliminary' OR r.impression <> 'negative')
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.status IN ('open', 'scheduled', 'escalated')
        AND l.kind IN ('telling', 'contact', 'emergency_contact', 'welfare_check')
  )
