"""What the room offers of answers: proposals, votes, reviews, names that people chose.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.answer_votes import (
    AnswerKey,
    Helped,
    Review,
    Votes,
    agreed_since,
    helped_by,
    list_doubted,
    put_review,
    put_vote,
    reviews_of,
    votes_of,
)
from triage.store.profiles import (
    Credit,
    ProfileRow,
    companies_of,
    credits_of,
    drop_profile,
    name_is_taken,
    profile_of_id,
    profiles_of,
    put_profile,
)
from triage.store.proposals import (
    Proposable,
    ProposalRow,
    ProposalState,
    decide_proposal,
    get_proposal,
    list_proposals,
    propose_cases,
    withdraw_proposals,
)

__all__ = [
    "AnswerKey",
    "Credit",
    "Helped",
    "ProfileRow",
    "Proposable",
    "ProposalRow",
    "ProposalState",
    "Review",
    "Votes",
    "agreed_since",
    "companies_of",
    "credits_of",
    "decide_proposal",
    "drop_profile",
    "get_proposal",
    "helped_by",
    "list_doubted",
    "list_proposals",
    "name_is_taken",
    "profile_of_id",
    "profiles_of",
    "propose_cases",
    "put_profile",
    "put_review",
    "put_vote",
    "reviews_of",
    "votes_of",
    "withdraw_proposals",
]
