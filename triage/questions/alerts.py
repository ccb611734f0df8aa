"""Somebody has seen that they are to look at a question at once.

In: a connection in a transaction that writes, who acts. Out: the alert as it stands then.
Not here: raising alerts (telling), who may see them (api).
"""

from datetime import datetime

from triage import store
from triage.audit.acting import Acting
from triage.errors import NoAlert


def see_alert(
    c: store.Connection, acting: Acting, alert_id: str, by: str, now: datetime
) -> store.AlertRow:
    """Note who has seen an alert; whoever saw it first stays. Raises NoAlert."""
    if store.see_alert(c, acting.forum_id, alert_id, by, now):
        acting.note(c, "alert.seen", alert_id)
    row = store.get_alert(c, acting.forum_id, alert_id)
    if row is None:
        raise NoAlert
    return row
