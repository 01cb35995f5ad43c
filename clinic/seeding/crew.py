"""Who acts in the seeded past: the staff that is there, by what they do and where."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from clinic.models import License, Role, Staff
from scheduling.models import Resource, ResourceKind


@dataclass(frozen=True)
class Crew:
    """Staff by what they do: the desk for everybody, people on site by resource, readers by state."""

    desk: list[Staff]
    by_resource: dict[int, Staff]
    clinicians: dict[int, Staff]
    readers: dict[str, list[Staff]]

    def representative(self, chance: Random) -> Staff:
        """One of the desk."""
        return _one(chance, self.desk)

    def reader(self, chance: Random, state: str) -> Staff:
        """One of those who are licensed in a state."""
        return _one(chance, self.readers[state])


def load_crew() -> Crew:
    """Return the staff that is there, in a fixed order."""
    by_resource: dict[int, Staff] = {}
    clinicians: dict[int, Staff] = {}
    on_site = Resource.objects.filter(remote=False).exclude(staff=None)
    for resource in on_site.select_related("staff").order_by("id"):
        if resource.staff is not None:
            by_resource[resource.pk] = resource.staff
            if resource.kind == ResourceKind.CLINICIAN:
                clinicians.setdefault(resource.center_id, resource.staff)
    readers = defaultdict(list)
    for held in License.objects.filter(staff__role=Role.PHYSICIAN).select_related("staff").order_by("staff_id"):
        readers[held.state].append(held.staff)
    desk = list(Staff.objects.filter(role=Role.REPRESENTATIVE).order_by("id"))
    return Crew(desk, by_resource, clinicians, dict(readers))


def _one(chance: Random, people: list[Staff]) -> Staff:
    # `choice` draws more or less often by how many there are: what a center draws after it would depend on the others.
    return people[int(chance.random() * len(people))]
