"""State directories that leave nothing behind, not even outside of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.local import places, register


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state directory below a path that only its owner may enter."""
    tmp_path.chmod(0o700)
    directory = tmp_path / "state"
    yield directory
    register.sweep(directory)
    places.remove(directory)
