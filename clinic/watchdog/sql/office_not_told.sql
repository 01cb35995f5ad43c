-- A signed report did not reach the office that referred, and nobody sends it.
-- Of an episode that is closed as well: its end sends nothing. What may still arrive is not lost.
SELECT r.episode_id, r.id FROM clinic_report r
JOIN clinic_episode e ON e.id = r.episode_id AND e.closing_reason <> 'duplicate'
JOIN clinic_referrer f ON f.episode_id = r.episode_id
JOIN clinic_reportversion v ON v.report_id = r.id
    AND v.number = (SELECT max(w.number) FROM clinic_reportversion w WHERE w.report_id = r.id)
WHERE r.status <> 'preliminary'
  AND greatest(
      v.at, coalesce(v.recorded_at, v.at), f.at,
      (SELECT max(d.ended_at) FROM notifications_delivery d WHERE d.report_id = r.id AND d.version = v.number)
  ) < %(now)s - interval '10 minutes'
  AND NOT EXISTS (
      SELECT FROM clinic_referrernotice n
      WHERE n.report_id = r.id AND n.version = v.number AND n.confirmed AND n.how <> 'voice'
  )
  AND NOT EXISTS (
      SELECT FROM notifications_delivery d
      WHERE d.report_id = r.id AND d.version = v.number AND d.status IN ('due', 'sending', 'unknown', 'sent')
        AND d.created_at > %(now)s - interval '48 hours'
  )
  AND NOT EXISTS (
      SELECT FROM clinic_step l WHERE l.episode_id = r.episode_id AND l.kind = 'referrer'
        AND (l.status IN ('open', 'scheduled', 'escalated') OR (l.status = 'done' AND l.ended_at >= v.at))
  )
