"""Every risk that a plan may depend on, for property tests."""

from hypothesis import strategies as st

from clinic.models import PretestCategory
from clinic.pathway import Risk


def risks() -> st.SearchStrategy[Risk]:
    """Any risk, known or not."""
    return st.builds(
        Risk,
        pretest_category=st.sampled_from(["", *PretestCategory.values]),
        pregnant=st.booleans(),
        d_dimer=st.sampled_from(["positive", "negative", "unknown"]),
        treated=st.booleans(),
        equivocal=st.booleans(),
        suspicion_persists=st.sampled_from([True, False, None]),
        other_imaging=st.booleans(),
    )
