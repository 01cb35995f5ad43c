"""Which messages need no consent, and which have to be said all the same."""

from notifications.models import Purpose

#: These need no consent: a code that the patient has just asked for on the page, an answer to what they wrote, and
#: what may save their life (47 CFR 64.1200(a)(1), (f)(4): calls made for emergency purposes).
NEED_NO_CONSENT = (Purpose.ONE_TIME_CODE, Purpose.REPLY, Purpose.SEEK_EMERGENCY_CARE)
#: Where these could not be sent in time, a person says it. The others are of no use once their time is over.
SAID_ALL_THE_SAME = (
    Purpose.BOOKING_CHANGED,
    Purpose.BOOKING_CANCELLED,
    Purpose.RESULT_READY,
    Purpose.PLEASE_CALL,
    Purpose.SEEK_EMERGENCY_CARE,
    Purpose.STAFF_REPLY,
)
