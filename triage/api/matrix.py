"""Who may call what: one table for every endpoint.

In: nothing. Out: for each method and address the roles, and by which doors they come: a secret
key, a publishable key, a page on which a person is signed in.
Not here: finding out who calls (access), the document that is made of it (access_page).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.records import ApiKey, Role, WebUser

FRONTEND, LEAD, ANALYST, ADMIN = Role.FRONTEND, Role.LEAD, Role.ANALYST, Role.ADMIN


@dataclass(frozen=True, slots=True)
class Access:
    """The roles that reach an endpoint, and by which doors.

    `keys`: by a secret key; `publishable`: by a publishable one too; `pages`: by being signed in.
    """

    roles: tuple[Role, ...]
    publishable: bool = False
    keys: bool = True
    pages: bool = True

    def lets(self, by: ApiKey | WebUser) -> bool:
        """Say whether this key, or somebody who is signed in, gets through."""
        if by.role not in self.roles:
            return False
        if isinstance(by, WebUser):
            return self.pages
        return self.keys and (self.publishable or not by.publishable)


PUBLIC = None
VISITOR_HEADER = "Triage-Visitor"
# A session is as good as a password to what it asked: in a header, since addresses are logged.
SESSION_HEADER = "Triage-Session"
# Asks are kept under the key that they came by, so nobody asks from a page of the staff.
_ASKING = Access((FRONTEND, LEAD, ADMIN), publishable=True, pages=False)
# Whose a question is decides what is seen of it; staff see all of it on their pages, too.
_POSTED = Access((FRONTEND, LEAD, ADMIN), publishable=True)
# What stands on ask pages, as far as whoever reads may see it.
_SHOWN = Access((FRONTEND, LEAD, ANALYST, ADMIN), publishable=True)
_READING = Access((FRONTEND, LEAD, ANALYST, ADMIN))
_WRITING = Access((LEAD, ADMIN))
# What is learnt of cases, their words and their number shows in it: never for askers.
_LEADING = Access((LEAD, ADMIN))
# Numbers of all, nobody's words.
_MEASURING = Access((LEAD, ANALYST, ADMIN))
_ADMINISTERING = Access((ADMIN,))
# The same on pages, for people.
_MEASURING_PAGES = Access((LEAD, ANALYST, ADMIN), keys=False)
_LEADING_PAGES = Access((LEAD, ADMIN), keys=False)
# A person's own account, on a page.
_STAFF = Access((FRONTEND, LEAD, ANALYST, ADMIN), keys=False)

MATRIX: Mapping[tuple[str, str], Access | None] = {
    ("POST", "/v1/triage"): _ASKING,
    ("GET", "/v1/triage/{triage_id}/explanation"): _LEADING,
    ("POST", "/v1/events"): _ASKING,
    # Where no header can be sent, the key stands in the body.
    ("POST", "/v1/events/beacon"): _ASKING,
    ("GET", "/v1/holdout"): _MEASURING,
    ("PUT", "/v1/holdout"): _LEADING,
    ("GET", "/v1/reports"): _MEASURING,
    ("GET", "/v1/reports/periods"): _MEASURING,
    ("POST", "/v1/reports/periods"): _LEADING,
    ("GET", "/v1/reports/baseline"): _MEASURING,
    ("PUT", "/v1/reports/baseline"): _LEADING,
    ("GET", "/v1/reports/exports/{table}"): _MEASURING,
    ("GET", "/v1/gaps"): _MEASURING,
    ("POST", "/v1/gaps/{gap_id}"): _LEADING,
    ("GET", "/v1/event-bursts"): _LEADING,
    ("POST", "/v1/event-bursts/{burst_id}/settle"): _LEADING,
    ("GET", "/v1/follow-ups"): _MEASURING,
    ("POST", "/v1/follow-ups/due"): _ASKING,
    ("POST", "/v1/follow-ups/opt-out"): _ASKING,
    ("POST", "/v1/follow-ups/{follow_up_id}/reply"): _ASKING,
    ("GET", "/v1/threads/{thread_id:path}"): _READING,
    ("PUT", "/v1/threads/{thread_id:path}"): _WRITING,
    ("DELETE", "/v1/threads/{thread_id:path}"): _WRITING,
    ("POST", "/v1/threads/batch"): _WRITING,
    ("POST", "/v1/questions"): _ASKING,
    ("GET", "/v1/questions"): _POSTED,
    ("GET", "/v1/questions/{question_id}"): _POSTED,
    ("POST", "/v1/questions/{question_id}/changes"): _POSTED,
    ("GET", "/v1/questions/{question_id}/intake"): _LEADING,
    ("GET", "/v1/my"): _ASKING,
    ("GET", "/v1/question-rules"): _LEADING,
    ("PUT", "/v1/question-rules"): _LEADING,
    ("GET", "/v1/alerts"): _LEADING,
    ("POST", "/v1/alerts/{alert_id}/seen"): _LEADING,
    ("POST", "/v1/drift/alerts/{alert_id}/seen"): _LEADING,
    ("POST", "/v1/answers/votes"): _ASKING,
    ("POST", "/v1/answers/reviews"): _LEADING,
    ("GET", "/v1/answers/doubted"): _LEADING,
    ("GET", "/v1/reviews"): _LEADING,
    ("GET", "/v1/reviews/estimate"): _LEADING,
    ("GET", "/v1/reviews/{review_id}"): _LEADING,
    ("POST", "/v1/reviews/{review_id}/decide"): _LEADING,
    ("POST", "/v1/reviews/{review_id}/skip"): _LEADING,
    ("POST", "/v1/reviews/{review_id}/undo"): _LEADING,
    ("GET", "/v1/proposals"): _LEADING,
    ("GET", "/v1/proposals/{proposal_id}"): _LEADING,
    ("POST", "/v1/proposals/{proposal_id}/approve"): _LEADING,
    ("POST", "/v1/proposals/{proposal_id}/refuse"): _LEADING,
    ("PUT", "/v1/profile"): _ASKING,
    ("GET", "/v1/profile"): _ASKING,
    ("GET", "/v1/profiles/{profile_id}"): _ASKING,
    ("GET", "/v1/known-issues"): _SHOWN,
    ("POST", "/v1/known-issues"): _LEADING,
    ("GET", "/v1/known-issues/{issue_id}"): _SHOWN,
    ("PUT", "/v1/known-issues/{issue_id}"): _LEADING,
    ("POST", "/v1/known-issues/{issue_id}/publish"): _LEADING,
    ("POST", "/v1/known-issues/{issue_id}/withdraw"): _LEADING,
    ("GET", "/v1/clusters"): _LEADING,
    ("GET", "/v1/clusters/{cluster_id}"): _LEADING,
    ("POST", "/v1/clusters/{cluster_id}/split"): _LEADING,
    ("POST", "/v1/questions/{question_id}/not-mine"): _ASKING,
    ("GET", "/v1/notifications"): _ASKING,
    ("POST", "/v1/notifications/read"): _ASKING,
    ("GET", "/v1/notifications/settings"): _ASKING,
    ("PUT", "/v1/notifications/settings"): _ASKING,
    # Who names an address, names where the forum's questions go.
    ("GET", "/v1/channels"): _ADMINISTERING,
    ("POST", "/v1/channels"): _ADMINISTERING,
    ("GET", "/v1/channels/{channel_id}"): _ADMINISTERING,
    ("PUT", "/v1/channels/{channel_id}"): _ADMINISTERING,
    ("DELETE", "/v1/channels/{channel_id}"): _ADMINISTERING,
    ("POST", "/v1/channels/{channel_id}/rotate"): _ADMINISTERING,
    ("POST", "/v1/channels/{channel_id}/enable"): _ADMINISTERING,
    ("POST", "/v1/channels/{channel_id}/disable"): _ADMINISTERING,
    ("POST", "/v1/channels/{channel_id}/ping"): _ADMINISTERING,
    ("GET", "/v1/deliveries"): _LEADING,
    ("POST", "/v1/deliveries/replay"): _LEADING,
    ("GET", "/v1/deliveries/{channel_id}/{message_id}"): _LEADING,
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/replay"): _LEADING,
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/skip"): _LEADING,
    # Signed with a secret of the channel.
    ("POST", "/v1/incoming/{channel_id}"): PUBLIC,
    ("POST", "/v1/training-runs"): _LEADING,
    ("GET", "/v1/training-runs/current"): _LEADING,
    ("GET", "/v1/training-runs/current/events"): _LEADING,
    ("POST", "/v1/training-runs/current/cancel"): _LEADING,
    ("GET", "/v1/models"): _LEADING,
    ("GET", "/v1/models/{version}"): _LEADING,
    ("POST", "/v1/models/{version}/activate"): _LEADING,
    ("POST", "/v1/models/rollback"): _LEADING,
    ("GET", "/v1/policy"): _LEADING,
    ("GET", "/v1/policy/versions/{version}"): _LEADING,
    ("PUT", "/v1/policy/draft"): _LEADING,
    ("POST", "/v1/policy/activate"): _LEADING,
    ("POST", "/v1/policy/discard"): _LEADING,
    ("POST", "/v1/policy/simulate"): _LEADING,
    ("GET", "/v1/policy/history"): _LEADING,
    ("GET", "/v1/triage/{triage_id}/original"): _LEADING,
    ("POST", "/v1/erasures"): _ADMINISTERING,
    ("GET", "/v1/erasures"): _ADMINISTERING,
    ("GET", "/v1/erasures/{erasure_id}"): _ADMINISTERING,
    ("POST", "/v1/persons/export"): _ADMINISTERING,
    ("GET", "/v1/audit"): _ADMINISTERING,
    ("GET", "/v1/audit/export"): _ADMINISTERING,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("GET", "/sign-in/link"): PUBLIC,
    ("POST", "/sign-in/link"): PUBLIC,
    ("GET", "/sign-in/company"): PUBLIC,
    ("GET", "/sign-in/company/return"): PUBLIC,
    ("POST", "/sign-out"): _STAFF,
    ("GET", "/account"): _STAFF,
    ("POST", "/account/password"): _STAFF,
    ("POST", "/account/sessions/end"): _STAFF,
    ("GET", "/analytics"): _MEASURING_PAGES,
    ("GET", "/analytics/slices"): _MEASURING_PAGES,
    ("GET", "/analytics/gaps"): _MEASURING_PAGES,
    ("GET", "/analytics/trends"): _MEASURING_PAGES,
    ("GET", "/analytics/threads"): _MEASURING_PAGES,
    ("GET", "/analytics/activity"): _MEASURING_PAGES,
    ("GET", "/analytics/asks"): _MEASURING_PAGES,
    ("GET", "/analytics/definitions"): _MEASURING_PAGES,
    ("GET", "/analytics/exports/{table}.{how}"): _MEASURING_PAGES,
    ("POST", "/analytics/gaps/{gap_id}"): _LEADING_PAGES,
    ("GET", "/lead"): _LEADING_PAGES,
    ("GET", "/lead/models"): _LEADING_PAGES,
    ("GET", "/lead/models/compare"): _LEADING_PAGES,
    ("GET", "/lead/models/{version}"): _LEADING_PAGES,
    ("POST", "/lead/models/rollback"): _LEADING_PAGES,
    ("POST", "/lead/models/{version}/activate"): _LEADING_PAGES,
    ("GET", "/lead/training"): _LEADING_PAGES,
    ("POST", "/lead/training"): _LEADING_PAGES,
    ("POST", "/lead/training/cancel"): _LEADING_PAGES,
    ("GET", "/lead/review"): _LEADING_PAGES,
    ("GET", "/lead/review/{review_id}"): _LEADING_PAGES,
    ("POST", "/lead/review/{review_id}/decide"): _LEADING_PAGES,
    ("POST", "/lead/review/{review_id}/skip"): _LEADING_PAGES,
    ("POST", "/lead/review/{review_id}/undo"): _LEADING_PAGES,
    ("GET", "/lead/drift"): _LEADING_PAGES,
    ("POST", "/lead/drift/alerts/{alert_id}"): _LEADING_PAGES,
    ("GET", "/lead/issues"): _LEADING_PAGES,
    ("GET", "/lead/issues/new"): _LEADING_PAGES,
    ("POST", "/lead/issues/new"): _LEADING_PAGES,
    ("GET", "/lead/issues/{issue_id}"): _LEADING_PAGES,
    ("POST", "/lead/issues/{issue_id}"): _LEADING_PAGES,
    ("POST", "/lead/issues/clusters/{cluster_id}/split"): _LEADING_PAGES,
    ("POST", "/lead/issues/bursts/{burst_id}"): _LEADING_PAGES,
    ("GET", "/lead/policy"): _LEADING_PAGES,
    ("GET", "/lead/policy/edit"): _LEADING_PAGES,
    ("POST", "/lead/policy/edit"): _LEADING_PAGES,
    ("GET", "/lead/policy/text"): _LEADING_PAGES,
    ("POST", "/lead/policy/text"): _LEADING_PAGES,
    ("GET", "/lead/policy/rules/{place}"): _LEADING_PAGES,
    ("POST", "/lead/policy/rules/{place}"): _LEADING_PAGES,
    ("GET", "/lead/policy/versions/{version}"): _LEADING_PAGES,
    ("POST", "/lead/policy/simulate"): _LEADING_PAGES,
    ("POST", "/lead/policy/activate"): _LEADING_PAGES,
    ("POST", "/lead/policy/discard"): _LEADING_PAGES,
    ("GET", "/lead/taxonomy"): _LEADING_PAGES,
    ("GET", "/lead/taxonomy/{target}/{label:path}"): _LEADING_PAGES,
    ("GET", "/lead/questions"): _LEADING_PAGES,
    ("GET", "/lead/questions/{question_id}"): _LEADING_PAGES,
    ("POST", "/lead/questions/{question_id}"): _LEADING_PAGES,
    ("POST", "/lead/questions/{question_id}/original"): _LEADING_PAGES,
    ("POST", "/lead/questions/alerts/{alert_id}/seen"): _LEADING_PAGES,
    ("GET", "/lead/deliveries"): _LEADING_PAGES,
    ("POST", "/lead/deliveries/replay"): _LEADING_PAGES,
    ("GET", "/lead/deliveries/{channel_id}/{message_id}"): _LEADING_PAGES,
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/replay"): _LEADING_PAGES,
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/skip"): _LEADING_PAGES,
    # An administrator sees every act there, a lead those on what leads may do.
    ("GET", "/lead/audit"): _LEADING_PAGES,
    ("GET", "/pages/{name}"): PUBLIC,
    ("GET", "/widget/manifest.json"): PUBLIC,
    ("GET", "/widget/words/{lang}.json"): PUBLIC,
    ("GET", "/widget/{name}"): PUBLIC,
    ("GET", "/trust"): PUBLIC,
    ("GET", "/v1/trust"): PUBLIC,
    ("GET", "/health"): PUBLIC,
    ("GET", "/ready"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/{name}"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
}

# Pages that there are with TRIAGE_DEMO alone, where anybody is anybody: beside the table.
DEMO = frozenset(
    {
        ("GET", "/"),
        ("GET", "/t/{thread_id:path}"),
        ("POST", "/t/{thread_id:path}/answers"),
        ("POST", "/t/{thread_id:path}/accept"),
        ("GET", "/ask"),
        ("POST", "/ask"),
        ("GET", "/my"),
        ("POST", "/my/{question_id}"),
        ("GET", "/tour"),
        ("POST", "/demo/be"),
        ("POST", "/demo/leave"),
    }
)
