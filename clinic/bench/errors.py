"""What the bench refuses to call a measurement."""


class BenchFailed(Exception):
    """Something that was measured did not do its work, so that its time says nothing."""
