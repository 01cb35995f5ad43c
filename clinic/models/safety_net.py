"""The promise that no open patient is ever without a next step, kept by the database itself.

Two deferred constraint triggers, one on each table whose change could break it. The check locks the episode ``FOR NO
KEY UPDATE``: two transactions that each end "the other last step" then meet on that lock, and the second sees what the
first committed. (``FOR UPDATE`` would deadlock against the foreign key's own share lock.)
"""

import pgtrigger

#: The constraint's name as it stands in the error, which services turn into their own.
NEXT_STEP_CONSTRAINT = "open_episode_has_next_step"

_CHECK = """
    SELECT status INTO episode_status FROM clinic_episode WHERE id = episode FOR NO KEY UPDATE;
    IF episode_status = 'open' AND NOT EXISTS (
        SELECT 1 FROM clinic_step
        WHERE episode_id = episode
          AND status IN ('open', 'scheduled', 'escalated')
          AND due_at IS NOT NULL
          AND (owner_id IS NOT NULL OR (owner_role <> '' AND center_id IS NOT NULL))
    ) THEN
        RAISE EXCEPTION 'episode % is open and has no next step with an owner and a due time', episode
            USING ERRCODE = '23514', CONSTRAINT = 'open_episode_has_next_step';
    END IF;
"""

STEP_LEAVES_NEXT_STEP = pgtrigger.Trigger(
    name="step_leaves_next_step",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    declare=[("episode_status", "text"), ("episode", "bigint")],
    func=f"""
    episode := CASE TG_OP WHEN 'DELETE' THEN OLD.episode_id ELSE NEW.episode_id END;
    {_CHECK}
    IF TG_OP = 'UPDATE' AND OLD.episode_id <> NEW.episode_id THEN
        episode := OLD.episode_id;
        {_CHECK}
    END IF;
    RETURN NULL;
    """,
)

EPISODE_HAS_NEXT_STEP = pgtrigger.Trigger(
    name="episode_has_next_step",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[("episode_status", "text"), ("episode", "bigint")],
    func=f"""
    episode := NEW.id;
    {_CHECK}
    RETURN NULL;
    """,
)
