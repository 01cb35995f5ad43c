"""Remembering which code of an authenticator app was used last."""

from django.db.models import Q

from clinic.models import Staff


def use_code(*, staff_id: int, counter: int) -> bool:
    """Use the code of one half minute up; False where it, or a later one, was used before, by whichever process."""
    fresh = Q(last_code_counter=None) | Q(last_code_counter__lt=counter)
    return Staff.objects.filter(fresh, pk=staff_id).update(last_code_counter=counter) == 1
