"""Loading every US ZIP code once, from the `zipcodes` package: offline, with centroid, state and zone."""

import zipcodes
from django.db import connection

from clinic.models import ZipCode

#: ZIP codes of military and overseas mail have no place to measure from.
_COLUMNS = ("zip_code", "city", "state", "timezone", "lat", "long")


def load_zip_codes() -> int:
    """Add the ZIP codes that are missing; return how many were added."""
    if ZipCode.objects.count() > 30_000:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE incoming_zip (LIKE clinic_zipcode) ON COMMIT DROP")
        with cursor.copy("COPY incoming_zip (zip, city, state, zone, latitude, longitude) FROM STDIN") as copy:
            for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
                values = [row[column] for column in _COLUMNS]
                if all(values):
                    copy.write_row([*values[:4], float(values[4]), float(values[5])])
        cursor.execute("INSERT INTO clinic_zipcode SELECT DISTINCT ON (zip) * FROM incoming_zip ON CONFLICT DO NOTHING")
        return int(cursor.rowcount)
