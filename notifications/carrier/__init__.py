"""The carrier of documents: the adapter that the setting ``DOCUMENT_CARRIER`` names, behind its protocol."""

import functools

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.carrier.base import Answer, Carrier, Job, Parcel


@functools.cache
def chosen(name: str) -> Carrier:
    """Return the adapter of this name, one for each process."""
    adapter: Carrier = import_string(name)()
    return adapter


def is_set() -> bool:
    """Whether documents can leave at all; without a carrier a person sends them."""
    return bool(settings.DOCUMENT_CARRIER_URL)


def deliver(parcel: Parcel) -> Answer:
    """Hand a document over, as `Carrier.deliver` says."""
    return chosen(settings.DOCUMENT_CARRIER).deliver(parcel)


def look_up(key: str) -> Job | None:
    """Return the job of a key, as `Carrier.look_up` says. Raises `CantAsk`."""
    return chosen(settings.DOCUMENT_CARRIER).look_up(key)
