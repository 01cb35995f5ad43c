-- The result was sent, and has not reached the patient.
SELECT r.episode_id, r.id FROM clinic_report r JOIN clinic_episode e ON e.id = r.episode_id AND e.status = 'open'
WHERE r.result_sent_at < %(now)s - interval '30 minutes' AND r.patient_told_at IS NULL
  AND NOT EXISTS (
      SELECT FROM notifications_message m
      WHERE m.about_kind = 'report' AND m.about_id = r.id AND m.purpose = 'result_ready'
        -- What was sent before an amendment told something else.
        AND m.created_at >= r.result_sent_at
        AND (m.status = 'delivered' OR (m.status IN ('due', 'sending', 'sent', 'unknown')
             AND m.due_at > %(now)s - interval '12 hours'))
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l
      WHERE l.episode_id = e.id AND l.kind IN ('contact', 'telling') AND (
          l.status IN ('open', 'scheduled', 'escalated')
          OR (l.kind = 'contact' AND l.status = 'done' AND l.ended_at >= r.result_sent_at)
      )
  )
