"""The index of a forum on disk: what a start opens instead of building it anew.

In: an index that agrees with a revision of the store. Out: checked copies of it, each in a folder
that is never written to again, and folders that are private to one process. All of it is derived
from the store: whatever is doubtful is thrown away and built anew, and no backup needs it.
Not here: what has changed since (knowledge), how an index writes itself (retrieve).
"""

from triage.snapshots.manifest import MadeWith, Manifest, made_with
from triage.snapshots.shelf import Opened, Shelf

__all__ = ["MadeWith", "Manifest", "Opened", "Shelf", "made_with"]
