-- No text gets through, and nobody looks for another way.
-- A call by machine that is owed is another way, and a text that is tried again; by night they wait for the morning, and
-- a number is troubled once a day.
SELECT e.id, p.id FROM clinic_episode e JOIN clinic_patient p ON p.id = e.patient_id
WHERE e.status = 'open'
  AND EXISTS (
      SELECT FROM notifications_message m WHERE m.episode_id = e.id AND m.patient_id = p.id
        -- What was owed to who has no telephone has no number.
        AND (m.phone = p.phone OR (m.phone = '' AND p.phone IS NULL))
        AND m.purpose <> 'one_time_code'
        AND m.status IN ('failed', 'undelivered', 'suppressed') AND m.ended_at < %(now)s - interval '10 minutes'
        AND NOT EXISTS (
            SELECT FROM notifications_message n
            WHERE n.phone = p.phone AND n.status = 'delivered' AND n.ended_at >= m.ended_at
        )
        AND NOT EXISTS (
            SELECT FROM notifications_message c
            WHERE c.episode_id = e.id AND c.phone = p.phone AND (c.channel = 'voice' OR c.dedupe_key LIKE 'again%%')
              AND c.status IN ('due', 'sending', 'sent', 'unknown')
              AND c.due_at BETWEEN %(now)s - interval '1 hour' AND m.ended_at + interval '48 hours'
        )
        AND NOT EXISTS (
            SELECT FROM clinic_step s WHERE s.episode_id = e.id
              AND s.kind IN ('contact', 'callback', 'emergency_contact', 'welfare_check')
              AND (s.status IN ('open', 'scheduled', 'escalated') OR (s.status = 'done' AND s.ended_at >= m.ended_at))
        )
  )
