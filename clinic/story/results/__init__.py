"""A patient for every result: each plan lived through to its end, all of them at once on one clock."""
