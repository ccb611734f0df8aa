"""Every error of the domain: a stable code and a sentence that says what to do.

TriageError
├── Refused                  the caller's input cannot be accepted
│   ├── AlreadyDecided       already_decided
│   ├── EmptyDraft           empty_draft
│   ├── BadRecord            bad_record            (file, line, field)
│   ├── BurstCounts          burst_counts
│   ├── BadAddress           bad_address
│   ├── BadField             bad_field
│   ├── BadFile              bad_file
│   ├── BadForumName         bad_forum_name
│   ├── TooMuch              too_much
│   ├── IdempotencyConflict  idempotency_conflict
│   ├── IdempotencyPending   idempotency_pending
│   ├── IllegalChange        illegal_change
│   ├── IllegalDelivery      illegal_delivery
│   ├── IssueChanged         issue_changed
│   ├── JobTaken             job_taken
│   ├── NameTaken            name_taken
│   ├── ModelChanged         model_changed
│   ├── NoFormerVersion      no_former_version
│   ├── PeriodClosed         period_closed
│   ├── PeriodOpen           period_open
│   ├── PersonErased         person_erased
│   ├── PolicyChanged        policy_changed
│   ├── ReviewFinal          review_final
│   ├── ReviewTaken          review_taken
│   ├── UserTaken            user_taken
│   └── VerdictAgainst       verdict_against
├── NotAllowed
│   ├── NoKey                no_key
│   ├── UnknownKey           unknown_key
│   ├── BadSignature         bad_signature
│   ├── BadVisitor           bad_visitor
│   ├── DemoElsewhere        demo_elsewhere
│   ├── WrongOrigin          wrong_origin
│   └── WrongRole            wrong_role
├── Missing
│   ├── NoForum              no_forum
│   ├── NoThread             no_thread
│   ├── NoProposal           no_proposal
│   ├── NoAnswer             no_answer
│   ├── NoProfile            no_profile
│   ├── NoBurst              no_burst
│   ├── NoUser               no_user
│   ├── NoTriage             no_triage
│   ├── NoFollowUp           no_follow_up
│   ├── NoOriginal           no_original
│   ├── NoErasure            no_erasure
│   ├── NoQuestion           no_question
│   ├── NoAlert              no_alert
│   ├── NoChannel            no_channel
│   ├── NoDelivery           no_delivery
│   ├── NoKnownIssue         no_known_issue
│   ├── NoCluster            no_cluster
│   ├── NoGap                no_gap
│   ├── NoReview             no_review
│   ├── NoJob                no_job
│   ├── NoModel              no_model
│   ├── NoPolicy             no_policy
│   └── NoVersion            no_version
├── NotEnoughData            not_enough_data
├── JobLost                  job_lost
├── BundleRefused            bundle_refused
├── SealBroken               seal_broken
├── SendFailed               send_failed, or what was in the way
└── Unavailable              a part of the service is missing
    ├── CanariesFailed       canaries_failed
    ├── ErasuresAltered      erasures_altered
    ├── EncoderMissing       encoder_missing
    ├── EncoderAltered       encoder_altered
    ├── EncodingFailed       encoding_failed
    ├── IndexMismatch        index_mismatch
    ├── PolicyRefused        policy_refused
    ├── StoreUnavailable     store_unavailable
    └── TooBusy              too_busy

Not here: HTTP. `triage.api.problems` has the table that makes each code a status.
"""

from triage.errors.answering import AlreadyDecided, NameTaken, NoAnswer, NoProfile, NoProposal
from triage.errors.callers import (
    BadField,
    BadFile,
    BadForumName,
    BadRecord,
    EmptyDraft,
    IdempotencyConflict,
    IdempotencyPending,
    IllegalChange,
    JobTaken,
    Missing,
    NoErasure,
    NoForum,
    NoJob,
    NoModel,
    NoOriginal,
    NoThread,
    NoTriage,
    NoUser,
    NoVersion,
    PersonErased,
    Refused,
    TooMuch,
    UserTaken,
)
from triage.errors.common import IssueChanged, NoCluster, NoGap, NoKnownIssue
from triage.errors.doors import (
    BadVisitor,
    DemoElsewhere,
    NoKey,
    NotAllowed,
    UnknownKey,
    WrongOrigin,
    WrongRole,
)
from triage.errors.follow_ups import NoFollowUp
from triage.errors.handing import (
    BadAddress,
    BadSignature,
    IllegalDelivery,
    NoChannel,
    NoDelivery,
    SendFailed,
)
from triage.errors.learning import ModelChanged, NoFormerVersion, VerdictAgainst
from triage.errors.measuring import BurstCounts, NoBurst
from triage.errors.parts import (
    BundleRefused,
    CanariesFailed,
    EncoderAltered,
    EncoderMissing,
    EncodingFailed,
    ErasuresAltered,
    IndexMismatch,
    JobLost,
    NotEnoughData,
    SealBroken,
    StoreUnavailable,
    TooBusy,
    Unavailable,
)
from triage.errors.questions import NoAlert, NoQuestion
from triage.errors.reporting import PeriodClosed, PeriodOpen
from triage.errors.reviewing import NoReview, ReviewFinal, ReviewTaken
from triage.errors.root import TriageError
from triage.errors.ruling import NoPolicy, PolicyChanged, PolicyRefused

__all__ = [
    "AlreadyDecided",
    "BadAddress",
    "BadField",
    "BadFile",
    "BadForumName",
    "BadRecord",
    "BadSignature",
    "BadVisitor",
    "BundleRefused",
    "BurstCounts",
    "CanariesFailed",
    "DemoElsewhere",
    "EmptyDraft",
    "EncoderAltered",
    "EncoderMissing",
    "EncodingFailed",
    "ErasuresAltered",
    "IdempotencyConflict",
    "IdempotencyPending",
    "IllegalChange",
    "IllegalDelivery",
    "IndexMismatch",
    "IssueChanged",
    "JobLost",
    "JobTaken",
    "Missing",
    "ModelChanged",
    "NameTaken",
    "NoAlert",
    "NoAnswer",
    "NoBurst",
    "NoChannel",
    "NoCluster",
    "NoDelivery",
    "NoErasure",
    "NoFollowUp",
    "NoFormerVersion",
    "NoForum",
    "NoGap",
    "NoJob",
    "NoKey",
    "NoKnownIssue",
    "NoModel",
    "NoOriginal",
    "NoPolicy",
    "NoProfile",
    "NoProposal",
    "NoQuestion",
    "NoReview",
    "NoThread",
    "NoTriage",
    "NoUser",
    "NoVersion",
    "NotAllowed",
    "NotEnoughData",
    "PeriodClosed",
    "PeriodOpen",
    "PersonErased",
    "PolicyChanged",
    "PolicyRefused",
    "Refused",
    "ReviewFinal",
    "ReviewTaken",
    "SealBroken",
    "SendFailed",
    "StoreUnavailable",
    "TooBusy",
    "TooMuch",
    "TriageError",
    "Unavailable",
    "UnknownKey",
    "UserTaken",
    "VerdictAgainst",
    "WrongOrigin",
    "WrongRole",
]
