"""The directory of practices that refer, by their NPI."""

from clinic import clock, events
from clinic.access import Actor
from clinic.models import Practice
from clinic.npi import is_npi

_FIELDS = ("name", "phone", "after_hours_phone", "fax", "direct_address")


def keep_practice(actor: Actor, *, npi: str, values: dict[str, str]) -> Practice | None:
    """Keep a practice, or what is new of one that is known; what is empty now stays as it was. None without an NPI.

    Call it in the transaction of the referral. The values are checked, as `referrers` leaves them.
    """
    given = {field: values[field] for field in _FIELDS if values.get(field)}
    if not is_npi(npi) or not given.get("name") or not given.get("phone"):
        return None
    kept, added = Practice.objects.get_or_create(npi=npi, defaults={**given, "added_at": clock.now()})
    changed = [field for field, value in given.items() if getattr(kept, field) != value]
    for field in changed:
        setattr(kept, field, given[field])
    if changed:
        kept.save(update_fields=changed)
    if added or changed:
        events.record("practice.kept", actor=actor, subject=kept, codes={"added": added})
    return kept
