"""History that the database refuses to rewrite."""

import pgtrigger

#: Refuses UPDATE and DELETE on the table that declares it. TRUNCATE stays possible, for test databases; retention is
#: one audited command.
APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
