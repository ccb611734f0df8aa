"""A caller -> what they change known issues and clusters by, whatever door they came through.

In: who calls. Out: an `Editor` of their forum that notes what they do.
Not here: changing anything (affected), who may (matrix).
"""

from triage import affected
from triage.api.access import Caller
from triage.audit.acting import Acting


def editor_of(caller: Caller) -> affected.Editor:
    """Return what a caller changes issues and clusters by. Raises Unavailable."""
    acting = Acting(caller.forum.id, caller.actor)
    encoder = caller.desk.serving.encoder
    return affected.Editor(caller.installation.database(), acting, encoder)
