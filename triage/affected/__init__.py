"""Who else has the same: known issues, clusters of open questions, bursts, one answer for many.

In: drafts, posted questions, what the staff write. Out: issues beside a reply, how many others are
affected, answers passed on, proposals for leads, notices for those who asked.
Not here: what means the same (insight), what a question may become (questions), HTTP (api).
"""

from triage.affected.answering import PassedOn, asker_groups, not_mine, pass_on, shareable_answer
from triage.affected.beside import Beside, BesideReply
from triage.affected.counting import (
    ClusterTold,
    also_affected,
    count_persons,
    largest_clusters,
    may_know,
    told_cluster,
    told_clusters,
)
from triage.affected.editing import Editor
from triage.affected.gathering import Gathering
from triage.affected.issues import LiveIssues, readable
from triage.affected.publishing import (
    Publisher,
    Written,
    asks_of_cluster,
    check_thread,
    is_issue_id,
    new_issue,
    new_issue_id,
    published,
    reads_so,
    rewritten,
    safe_words,
    withdrawn,
)
from triage.affected.spaces import sameness_of, space
from triage.affected.watching import Seen, Watcher

__all__ = [
    "Beside",
    "BesideReply",
    "ClusterTold",
    "Editor",
    "Gathering",
    "LiveIssues",
    "PassedOn",
    "Publisher",
    "Seen",
    "Watcher",
    "Written",
    "also_affected",
    "asker_groups",
    "asks_of_cluster",
    "check_thread",
    "count_persons",
    "is_issue_id",
    "largest_clusters",
    "may_know",
    "new_issue",
    "new_issue_id",
    "not_mine",
    "pass_on",
    "published",
    "readable",
    "reads_so",
    "rewritten",
    "safe_words",
    "sameness_of",
    "shareable_answer",
    "space",
    "told_cluster",
    "told_clusters",
    "withdrawn",
]
