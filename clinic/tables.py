"""Examination tables and what they carry. Pure: a weight is compared and forgotten, only the table needed is kept."""

#: What a table carries that nobody said more of, in pounds: the product's own assumption, the least that is common.
STANDARD_LB = 350
#: Tables are told apart in steps of so many pounds.
STEP_LB = 50
LIGHTEST_LB, HEAVIEST_LB = 5, 1000


def table_for(weight_lb: int) -> int:
    """Return the limit of the table that somebody of this weight needs, in pounds; 0 where any will do."""
    return 0 if weight_lb <= STANDARD_LB else -(-weight_lb // STEP_LB) * STEP_LB
