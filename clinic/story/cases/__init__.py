"""The hard days of a center, by name, for `make story CASE=…`: each lived through over HTTP on the real processes."""

from clinic.story.cases import (
    daughter,
    downtime,
    ed_now_never_arrives,
    office_at_1620,
    reader,
    server_lost,
    sunday_night,
    twins,
    unreachable,
    web_without_order,
    wet_read_at_1740,
    wheelchair,
)
from clinic.story.cases.case import Case

#: Every case by the name that the command line knows. Told in this order, on one clock.
CASES: dict[str, Case] = {
    "sunday_night": sunday_night.CASE,
    "office_at_1620": office_at_1620.CASE,
    "web_without_order": web_without_order.CASE,
    "wet_read_at_1740": wet_read_at_1740.CASE,
    "unreachable": unreachable.CASE,
    "ed_now_never_arrives": ed_now_never_arrives.CASE,
    "downtime": downtime.CASE,
    "server_lost": server_lost.CASE,
    "twins": Case(title="Twins with one birth date and one phone: only the right result opens", tell=twins.tell),
    "daughter": Case(title="A daughter without authority asks for her mother's result", tell=daughter.tell),
    "wheelchair": Case(title="A Haitian Creole speaker in a wheelchair needs a room", tell=wheelchair.tell),
    "reader": Case(
        title="The only reader in the window is not licensed in that state: tier 1 is not offered there",
        tell=reader.tell,
    ),
}
