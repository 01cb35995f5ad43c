"""The hard days of a center, by name, for `make story CASE=…`: each lived through over HTTP on the real processes."""

from clinic.story.cases import daughter, reader, twins, wheelchair
from clinic.story.cases.case import Case

#: Every case by the name that the command line knows. Told in this order, on one clock.
CASES: dict[str, Case] = {
    "twins": Case(title="Twins with one birth date and one phone: only the right result opens", tell=twins.tell),
    "daughter": Case(title="A daughter without authority asks for her mother's result", tell=daughter.tell),
    "wheelchair": Case(title="A Haitian Creole speaker in a wheelchair needs a room", tell=wheelchair.tell),
    "reader": Case(
        title="The only reader in the window is not licensed in that state: tier 1 is not offered there",
        tell=reader.tell,
    ),
}
