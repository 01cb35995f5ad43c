"""What the oracle lets one expect of an add-on."""

from datetime import datetime

from clinic import clock
from clinic.access import Actor, Permission, allowed
from clinic.models import Center, Episode
from scheduling.selectors.add_ons import add_on_times
from scheduling.slots import Deadline
from tests.scheduling.machine.expecting import Expecting, Start
from tests.scheduling.oracle.add_ons import add_ons, against_add_on
from tests.scheduling.oracle.scene import Question


class AddingOn(Expecting):
    """Knows where and when a rule-out could be added on, and why not elsewhere."""

    def _add_on_start(self, episode: Episode, center: Center, at: Start) -> datetime:
        """A start as it is drawn; the product offers those that the oracle finds, and no other."""
        slot = self._slot("dvt_scan", self.world.centers.index(center), at)
        asked = self._rule_out(episode)
        if asked is None:
            return slot.starts_at
        found = add_ons(self.network, self.rows.busy(asked.now), asked, self._house(center))
        deadline = Deadline(asked.tier or 0, episode.clock_started_at)
        offered = add_on_times(deadline, near_zip=None, within_miles=None, center_code=center.code, most=200)
        assert [each.starts_at for each in offered] == found, (center.code, asked)
        how, which, *_ = at
        if how != "any" and found:
            self.touched = found[which % len(found)]
            return self.touched
        return slot.starts_at

    def _against_add_on(self, actor: Actor, episode: Episode, center: Center, starts_at: datetime) -> set[str]:
        if not allowed(actor, Permission.OVERBOOK):
            return {"forbidden"}
        asked = self._rule_out(episode)
        if asked is None:
            return {"no_rule_out"}
        return against_add_on(self.network, self.rows.busy(asked.now), asked, self._house(center), starts_at)

    def _rule_out(self, episode: Episode) -> Question | None:
        """What an episode's rule-out asks of an add-on; None where it has none."""
        if episode.tier is None or episode.result_by is None:
            return None
        now = clock.now()
        return Question(
            visit=self.world.visits["dvt_scan"],
            now=now,
            since=now,
            until=episode.result_by,
            tier=episode.tier,
            clock=episode.clock_started_at,
        )
