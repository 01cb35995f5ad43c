"""The trigger that keeps `ResourceDay.busy` equal to the live occupancies of that resource and day."""

import pgtrigger

# Live occupancies of one resource never overlap (the exclusion constraint), but two of them may share one five-minute
# bit where a start lies off the grid; so the mask is computed anew from the rows rather than toggled.
KEEP_BUSY_MASK = pgtrigger.Trigger(
    name="keep_busy_mask",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[
        ("touched", "bigint[]"),
        ("one", "bigint"),
        ("mask", "bytea"),
        ("span", "record"),
        ("bit", "int"),
    ],
    func="""
    touched := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.day_id]
        WHEN 'DELETE' THEN ARRAY[OLD.day_id]
        ELSE (SELECT array_agg(DISTINCT d ORDER BY d) FROM unnest(ARRAY[OLD.day_id, NEW.day_id]) AS d)
    END;
    FOREACH one IN ARRAY touched LOOP
        PERFORM 1 FROM scheduling_resourceday WHERE id = one FOR NO KEY UPDATE;
        mask := decode(repeat('00', 38), 'hex');
        FOR span IN
            SELECT greatest(0, floor(extract(epoch FROM lower(o.during) - d.origin) / 300))::int AS first_bit,
                   least(303, ceil(extract(epoch FROM upper(o.during) - d.origin) / 300) - 1)::int AS last_bit
            FROM scheduling_occupancy o JOIN scheduling_resourceday d ON d.id = o.day_id
            WHERE o.live AND o.day_id = one
        LOOP
            FOR bit IN span.first_bit..span.last_bit LOOP
                mask := set_bit(mask, bit, 1);
            END LOOP;
        END LOOP;
        UPDATE scheduling_resourceday SET busy = mask WHERE id = one;
    END LOOP;
    RETURN NULL;
    """,
)
