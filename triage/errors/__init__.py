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
│   ├── JobTaken             job_taken
│   ├── NoFormerVersion      no_former_version
│   └── VerdictAgainst       verdict_against
├── NotAllowed
│   ├── NoKey                no_key
│   ├── UnknownKey           unknown_key
│   └── WrongRole            wrong_role
├── Missing
│   ├── NoForum              no_forum
│   ├── NoThread             no_thread
│   ├── NoTriage             no_triage
│   ├── NoJob                no_job
│   ├── NoModel              no_model
│   └── NoVersion            no_version
├── NotEnoughData            not_enough_data
├── JobLost                  job_lost
├── BundleRefused            bundle_refused
└── Unavailable              a part of the service is missing
    ├── EncoderMissing       encoder_missing
    ├── EncoderAltered       encoder_altered
    ├── EncodingFailed       encoding_failed
    ├── IndexMismatch        index_mismatch
    └── StoreUnavailable     store_unavailable

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
    JobTaken,
    Missing,
    NoFormerVersion,
    NoForum,
    NoJob,
    NoKey,
    NoModel,
    NotAllowed,
    NoThread,
    NoTriage,
    NoVersion,
    Refused,
    TooMuch,
    UnknownKey,
    VerdictAgainst,
    WrongRole,
)
from triage.errors.parts import (
    BundleRefused,
    EncoderAltered,
    EncoderMissing,
    EncodingFailed,
    IndexMismatch,
    JobLost,
    NotEnoughData,
    StoreUnavailable,
    Unavailable,
)
from triage.errors.root import TriageError

__all__ = [
    "BadField",
    "BadFile",
    "BadForumName",
    "BadRecord",
    "BundleRefused",
    "EmptyDraft",
    "EncoderAltered",
    "EncoderMissing",
    "EncodingFailed",
    "IdempotencyConflict",
    "IdempotencyPending",
    "IndexMismatch",
    "JobLost",
    "JobTaken",
    "Missing",
    "NoFormerVersion",
    "NoForum",
    "NoJob",
    "NoKey",
    "NoModel",
    "NoThread",
    "NoTriage",
    "NoVersion",
    "NotAllowed",
    "NotEnoughData",
    "Refused",
    "StoreUnavailable",
    "TooMuch",
    "TriageError",
    "Unavailable",
    "UnknownKey",
    "VerdictAgainst",
    "WrongRole",
]
