"""Names and numbers of people who do not exist."""

from collections.abc import Iterator

GIVEN = (
    "Alex", "Amara", "Avery", "Benito", "Camila", "Casey", "Chidi", "Daniela", "Drew", "Elena", "Farid", "Grace",
    "Hana", "Ines", "Jamie", "Jordan", "Kofi", "Leila", "Marcus", "Morgan", "Noor", "Quinn", "Rowan", "Taylor", "Yusuf",
)  # fmt: skip
FAMILY = (
    "Abbott", "Banerjee", "Brown", "Cohen", "Diaz", "Dubois", "Fischer", "Garcia", "Haddad", "Ivanov", "Johnson", "Kim",
    "Larsen", "Mbeki", "Moreau", "Nguyen", "Olsen", "Patel", "Quiroga", "Rossi", "Silva", "Tanaka", "Usman", "Walsh",
)  # fmt: skip
#: Maryland's and Virginia's overlays: the telephones of those who are on call.
AREA_CODES = (240, 443, 667)


def everyone() -> Iterator[tuple[str, str]]:
    """Yield each pair of names once, neighbors sharing neither. There are 600: 25 and 24 have no common divisor."""
    for number in range(len(GIVEN) * len(FAMILY)):
        yield GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]


def lines() -> Iterator[str]:
    """Yield numbers reserved for fiction (555-01xx), in area codes that no center and no patient of the seed has."""
    for area in AREA_CODES:
        for line in range(100, 200):
            yield f"+1{area}5550{line}"
