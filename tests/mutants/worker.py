"""One worker: tries its share of the mutants, and ends when whoever started it is gone."""

import os
import sys
import threading

from cosmic_ray.cli import main


def _leave_with_the_starter() -> None:
    # The other end of this pipe closes with its process, however that ends.
    sys.stdin.read()
    os._exit(1)


threading.Thread(target=_leave_with_the_starter, daemon=True).start()
sys.exit(main(["exec", *sys.argv[1:]]))
