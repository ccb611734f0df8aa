"""Every error of the domain: a stable code and a sentence that says what to do.

TriageError
├── Refused                  the caller's input cannot be accepted
│   ├── EmptyDraft           empty_draft
│   ├── BadRecord            bad_record            (file, line, field)
│   ├── BadField             bad_field
│   ├── BadFile              bad_file
│   ├── BadForumName         bad_forum_name
│   ├── TooMuch              too_much
│   ├── IdempotencyConflict  idempotency_conflict
│   ├── IdempotencyPending   idempotency_pending
│   ├── IllegalChange        illegal_change
│   ├── JobTaken             job_taken
│   ├── NoFormerVersion      no_former_version
│   ├── PersonErased         person_erased
│   ├── UserTaken            user_taken
│   └── VerdictAgainst       verdict_against
├── NotAllowed
│   ├── NoKey                no_key
│   ├── UnknownKey           unknown_key
│   ├── BadVisitor           bad_visitor
│   ├── WrongOrigin          wrong_origin
│   └── WrongRole            wrong_role
├── Missing
│   ├── NoForum              no_forum
│   ├── NoThread             no_thread
│   ├── NoUser               no_user
│   ├── NoTriage             no_triage
│   ├── NoOriginal           no_original
│   ├── NoErasure            no_erasure
│   ├── NoJob                no_job
│   ├── NoModel              no_model
│   └── NoVersion            no_version
├── NotEnoughData            not_enough_data
├── JobLost                  job_lost
├── BundleRefused            bundle_refused
├── SealBroken               seal_broken
└── Unavailable              a part of the service is missing
    ├── ErasuresAltered      erasures_altered
    ├── EncoderMissing       encoder_missing
    ├── EncoderAltered       encoder_altered
    ├── EncodingFailed       encoding_failed
    ├── IndexMismatch        index_mismatch
    ├── StoreUnavailable     store_unavailable
    └── TooBusy              too_busy

Not here: HTTP. `triage.api.problems` has the table that makes each code a status.
"""

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
    NoFormerVersion,
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
    VerdictAgainst,
)
from triage.errors.doors import (
    BadVisitor,
    NoKey,
    NotAllowed,
    UnknownKey,
    WrongOrigin,
    WrongRole,
)
from triage.errors.parts import (
    BundleRefused,
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
from triage.errors.root import TriageError

__all__ = [
    "BadField",
    "BadFile",
    "BadForumName",
    "BadRecord",
    "BadVisitor",
    "BundleRefused",
    "EmptyDraft",
    "EncoderAltered",
    "EncoderMissing",
    "EncodingFailed",
    "ErasuresAltered",
    "IdempotencyConflict",
    "IdempotencyPending",
    "IllegalChange",
    "IndexMismatch",
    "JobLost",
    "JobTaken",
    "Missing",
    "NoErasure",
    "NoFormerVersion",
    "NoForum",
    "NoJob",
    "NoKey",
    "NoModel",
    "NoOriginal",
    "NoThread",
    "NoTriage",
    "NoUser",
    "NoVersion",
    "NotAllowed",
    "NotEnoughData",
    "PersonErased",
    "Refused",
    "SealBroken",
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
