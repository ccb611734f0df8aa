"""What only an expert may read of a question -> opened, and that it was read is noted.

In: a caller whom the matrix lets read it, a triage. Out: the fields as they were typed, without
secrets; for the API and for the pages alike.
Not here: sealing and opening (originals), who may read (matrix).
"""

from collections.abc import Mapping
from datetime import datetime

from triage.api.access import Caller
from triage.audit.acting import Acting


def open_original(caller: Caller, triage_id: str, now: datetime) -> Mapping[str, str]:
    """Open what is kept sealed of one triage. Raises NoOriginal, SealBroken."""
    forum = caller.forum
    with caller.installation.database().write() as c:
        fields = caller.installation.originals(forum).read(c, forum.id, triage_id, now)
        Acting(forum.id, caller.actor).note(c, "original.read", triage_id)
    return fields
