"""What the room offers of what many have in common: known issues, clusters, notices.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.asked import Asked, get_asked
from triage.store.clusters import (
    cluster_of,
    clusters_revision,
    count_question_vectors,
    get_question_vectors,
    keep_apart,
    list_clusters,
    members_of,
    pairs_apart,
    put_clusters,
    put_question_vectors,
    question_ids_with_vector,
    take_watch,
)
from triage.store.known_issues import (
    LIVE,
    AffectedAsk,
    IssueState,
    KnownIssueRow,
    Readers,
    affected_asks,
    count_affected,
    example_vectors,
    get_issue,
    issues_revision,
    list_issues,
    put_affected,
    put_issue,
    take_affected_off,
)
from triage.store.notices import Notice, NoticeKind, notices_of, read_notices, tell

__all__ = [
    "LIVE",
    "AffectedAsk",
    "Asked",
    "IssueState",
    "KnownIssueRow",
    "Notice",
    "NoticeKind",
    "Readers",
    "affected_asks",
    "cluster_of",
    "clusters_revision",
    "count_affected",
    "count_question_vectors",
    "example_vectors",
    "get_asked",
    "get_issue",
    "get_question_vectors",
    "issues_revision",
    "keep_apart",
    "list_clusters",
    "list_issues",
    "members_of",
    "notices_of",
    "pairs_apart",
    "put_affected",
    "put_clusters",
    "put_issue",
    "put_question_vectors",
    "question_ids_with_vector",
    "read_notices",
    "take_affected_off",
    "take_watch",
    "tell",
]
