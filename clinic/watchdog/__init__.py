"""The check of the promise: plain SQL that shares nothing with the services that keep it.

It says of the whole database who has been lost on the way: an open episode without a next step, a visit that nobody
came to, a study that nobody read, a result that nobody told. Nothing of it imports a model or a service, so that a
fault in those can't hide in it; the tables and the table of clinical.md section 5 are named here once more, on purpose.
"""

from clinic.watchdog.finding import Found, find_lost
from clinic.watchdog.losses import LOSSES, Loss

__all__ = ["LOSSES", "Found", "Loss", "find_lost"]
