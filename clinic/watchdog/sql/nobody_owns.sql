-- A step without an owner or a due time.
SELECT s.episode_id, s.id FROM clinic_step s JOIN clinic_episode e ON e.id = s.episode_id AND e.status = 'open'
LEFT JOIN clinic_staff o ON o.id = s.owner_id
WHERE s.status IN ('open', 'scheduled', 'escalated') AND (
    s.due_at IS NULL OR (s.owner_id IS NULL AND (s.owner_role = '' OR s.center_id IS NULL)) OR NOT o.is_active
)
