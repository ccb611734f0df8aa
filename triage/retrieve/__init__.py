"""A question's text and vector -> the threads that may answer it, with evidence.

In: threads as passages with vectors, then searches. Out: hits, unranked evidence per thread.
Not here: what the evidence is worth (rank), where threads are kept (store), encoding (encode).
"""

from triage.retrieve.base import IndexedThread, KnowledgeIndex, Search
from triage.retrieve.local import LocalIndex
from triage.retrieve.plain import PlainIndex

__all__ = ["IndexedThread", "KnowledgeIndex", "LocalIndex", "PlainIndex", "Search"]
