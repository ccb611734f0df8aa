"""What leads set of measuring, noted as it is done: the holdout, and what becomes of bursts.

In: who acts, and what they want. Out: the change, in a transaction that is open.
Not here: assigning (assigning), putting aside (store), what is measured (outcomes).
"""

from datetime import datetime
from typing import Any

from triage import store
from triage.assigning import Shares
from triage.audit.acting import Acting
from triage.errors import BurstCounts, NoBurst


def set_shares(
    c: store.Connection, acting: Acting, shares: Shares, former: Shares, at: datetime
) -> store.HoldoutRow:
    """Let these shares hold from now on; `former` are those that held where none was ever set."""
    held = store.holdout_of(c, acting.forum_id)
    row = store.set_holdout(c, acting.forum_id, shares, acting.actor.name, at)
    before = told_of_shares(held.shares if held else former)
    acting.note(c, "holdout.set", str(row.number), before=before, after=told_of_shares(shares))
    return row


def settle_burst(
    c: store.Connection, acting: Acting, burst_id: str, *, counts: bool, at: datetime
) -> store.BurstRow:
    """Let a burst count after all, or leave it out for good. Raises NoBurst, BurstCounts."""
    burst = store.get_burst(c, acting.forum_id, burst_id)
    if burst is None:
        raise NoBurst
    if burst.state is store.BurstState.COUNTED:
        raise BurstCounts
    store.settle_burst(c, acting.forum_id, burst_id, counts=counts, at=at)
    settled = store.get_burst(c, acting.forum_id, burst_id)
    assert settled is not None
    before, after = ({"state": one.state.value} for one in (burst, settled))
    acting.note(c, "burst.settle", burst_id, before=before, after=after)
    return settled


def told_of_shares(shares: Shares) -> dict[str, Any]:
    """Return shares as they are noted and told."""
    return {"share": shares.share, "by_language": dict(shares.by_language)}
