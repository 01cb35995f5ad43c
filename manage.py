#!/usr/bin/env python3
"""Every command of the product: ``python3 manage.py help``. Needs Python 3.11 or newer and nothing else."""

import sys

if sys.version_info < (3, 6):
    sys.exit("Ruleout needs Python 3.11 or newer. Try: python3 manage.py " + " ".join(sys.argv[1:]))

from clinic.local import entry

if __name__ == "__main__":
    entry.main()
