-- No text gets through, and nobody looks for another way.
SELECT e.id, p.id FROM clinic_episode e JOIN clinic_patient p ON p.id = e.patient_id
WHERE e.status = 'open'
  AND EXISTS (
      SELECT FROM notifications_message m WHERE m.episode_id = e.id AND m.purpose <> 'one_time_code'
        AND m.status IN ('failed', 'undelivered') AND m.ended_at < %(now)s - interval '10 minutes'
        AND NOT EXISTS (
            SELECT FROM notifications_message n WHERE n.phone = p.phone AND n.status = 'delivered' AND n.id > m.id
        )
        AND NOT EXISTS (
            SELECT FROM clinic_step s WHERE s.episode_id = e.id AND s.created_at >= m.created_at
              AND s.kind IN ('contact') AND s.status <> 'cancelled'
        )
  )
