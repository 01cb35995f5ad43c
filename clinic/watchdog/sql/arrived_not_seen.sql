-- Came, and was never seen to the end.
SELECT a.episode_id, a.id FROM scheduling_appointment a
WHERE (a.status = 'arrived' AND a.arrived_at < %(now)s - interval '3 hours')
   OR (a.status = 'in_progress' AND a.started_at < %(now)s - interval '3 hours')
