"""Which tests go to the same process of a run: those that share something dear to set up."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Files whose tests share a stack of the product or a seeded network, and folders all of whose files share one.
FILES = ("tests/faults/", "tests/journeys/", "tests/clinic/test_bench.py", "tests/clinic/test_seed")
FOLDERS = ("tests/races/",)


class ByWhatTheyShare(LoadScopeScheduling):
    """Gives tests that share something to one process, and all others to whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        folder = next((each for each in FOLDERS if path.startswith(each)), None)
        return folder or (path if path.startswith(FILES) else nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Let xdist distribute the tests so: the groups that it has itself are lost on this version of pytest."""
    return ByWhatTheyShare(config, log)
