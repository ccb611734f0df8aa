"""A forum's threads, in the store and in the index, kept in step.

In: threads to put or remove. Out: an index that agrees with the store. The store is the truth; the
index is opened from a snapshot or built from the store, and follows its revision afterwards,
whichever process wrote.
Not here: reading files (connect), searching (pipeline), learning boilerplate (discount), how a
snapshot lies on disk (snapshots).
"""

from triage.knowledge.building import Builder, Standing, boilerplate_of
from triage.knowledge.holding import Knowledge
from triage.knowledge.placing import Placing

__all__ = ["Builder", "Knowledge", "Placing", "Standing", "boilerplate_of"]
