#!/usr/bin/env python3
"""Every command of the product: ``python3 manage.py help``. Needs Python 3.11 or newer and nothing else."""

import os
import shutil
import sys

if sys.version_info < (3, 6):
    sys.exit("Ruleout needs Python 3.11 or newer. Try: python3 manage.py " + " ".join(sys.argv[1:]))

ALMOST_FULL = 20000000
# On a full disk, Pythons before 3.12.8 keep half of a compiled module, and fail on it ever after.
if shutil.disk_usage(os.path.dirname(os.path.abspath(__file__))).free < ALMOST_FULL:
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

from clinic.local import entry  # noqa: E402 - only now

if __name__ == "__main__":
    entry.main()
