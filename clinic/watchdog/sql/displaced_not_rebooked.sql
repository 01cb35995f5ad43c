-- A changed shift took the visit's time, and nobody has found another or tells the patient.
SELECT a.episode_id, a.id FROM scheduling_displacement d JOIN scheduling_appointment a ON a.id = d.appointment_id
JOIN clinic_episode e ON e.id = a.episode_id AND e.status = 'open'
WHERE (d.status = 'waiting' AND d.created_at < %(now)s - interval '10 minutes')
   OR (d.step_id IS NULL AND (
       d.status IN ('cancelled', 'left', 'on_site') OR (d.status = 'moved' AND d.unreachable <> '')
   ))
