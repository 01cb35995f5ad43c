"""The trigger that keeps `ResourceDay.busy` equal to the live occupancies of that resource and day."""

import pgtrigger

# A booking only adds bits, which needs no look at the other rows. Taking time back computes the mask anew: live
# occupancies of one resource never overlap (the exclusion constraint), but two of them may share one five-minute bit
# where a start lies off the grid. Each path locks the day's row before it reads, so that no change is lost.
_BITS = """
    greatest(0, floor(extract(epoch FROM lower({during}) - {origin}) / 300))::int,
    least(303, ceil(extract(epoch FROM upper({during}) - {origin}) / 300) - 1)::int
"""

KEEP_BUSY_MASK = pgtrigger.Trigger(
    name="keep_busy_mask",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[
        ("touched", "bigint[]"),
        ("one", "bigint"),
        ("mask", "bytea"),
        ("midnight", "timestamptz"),
        ("first_bit", "int"),
        ("last_bit", "int"),
    ],
    func=f"""
    IF TG_OP = 'INSERT' THEN
        IF NEW.live THEN
            SELECT busy, origin INTO mask, midnight FROM scheduling_resourceday
            WHERE id = NEW.day_id FOR NO KEY UPDATE;
            SELECT {_BITS.format(during="NEW.during", origin="midnight")} INTO first_bit, last_bit;
            FOR bit IN first_bit..last_bit LOOP
                mask := set_bit(mask, bit, 1);
            END LOOP;
            UPDATE scheduling_resourceday SET busy = mask WHERE id = NEW.day_id;
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.day_id <> OLD.day_id THEN
        touched := ARRAY[least(OLD.day_id, NEW.day_id), greatest(OLD.day_id, NEW.day_id)];
    ELSE
        touched := ARRAY[OLD.day_id];
    END IF;
    FOREACH one IN ARRAY touched LOOP
        SELECT origin INTO midnight FROM scheduling_resourceday WHERE id = one FOR NO KEY UPDATE;
        mask := decode(repeat('00', 38), 'hex');
        FOR first_bit, last_bit IN
            SELECT {_BITS.format(during="o.during", origin="midnight")}
            FROM scheduling_occupancy o WHERE o.live AND o.day_id = one
        LOOP
            FOR bit IN first_bit..last_bit LOOP
                mask := set_bit(mask, bit, 1);
            END LOOP;
        END LOOP;
        UPDATE scheduling_resourceday SET busy = mask WHERE id = one;
    END LOOP;
    RETURN NULL;
    """,  # noqa: S608 - built of constants
)
