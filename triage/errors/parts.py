"""Errors of the service itself: what it needs is too little, altered, or missing.

In: what was found. Out: a code, and a sentence that says what to do.
Not here: what a caller did (callers).
"""

from pathlib import Path

from triage.errors.root import TriageError


class NotEnoughData(TriageError):
    """Too few cases to learn anything."""

    code = "not_enough_data"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem} Ingest more resolved cases: `python -m triage ingest cases FILE`."
        )


class JobLost(TriageError):
    """A process that ended without a word in the middle of its work."""

    code = "job_lost"

    def __init__(self) -> None:
        super().__init__(
            "The process that did the work is gone: it was killed, or memory ran out. Nothing was"
            " published. Start it again."
        )


class BundleRefused(TriageError):
    """A bundle that is not what was published here, or answers otherwise; it is not served."""

    code = "bundle_refused"

    def __init__(
        self,
        folder: Path,
        problem: str,
        remedy: str = "Train again with `python train.py`, or restore the folder from a backup.",
    ) -> None:
        super().__init__(f"The bundle {folder.name} is refused: {problem}. {remedy}")


class SealBroken(TriageError):
    """Something sealed that does not open here; it is as good as gone."""

    code = "seal_broken"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"What is kept sealed {problem}, so that it cannot be read. Restore the installation"
            " key that was in use when it was kept."
        )


class Unavailable(TriageError):
    """A part that every reply needs is missing."""

    code = "unavailable"


class TooBusy(Unavailable):
    """Too many wait for the same slow work."""

    code = "too_busy"

    def __init__(self) -> None:
        super().__init__("Too many people sign in at this moment. Try again in a few seconds.")


class ErasuresAltered(Unavailable):
    """A line of the log of erasures that this installation has not written."""

    code = "erasures_altered"

    def __init__(self, line: int) -> None:
        super().__init__(
            f"Line {line} of erasures.jsonl in TRIAGE_DATA_DIR was altered, or written with another"
            " installation key. Nobody is served who may have been erased: restore the file or the"
            " key, or sign the lines anew with `python -m triage erasures trust`."
        )


class EncoderMissing(Unavailable):
    """The configured encoder is not installed."""

    code = "encoder_missing"

    def __init__(
        self, name: str, problem: str, remedy: str = "Install it with `make setup`"
    ) -> None:
        super().__init__(
            f"The encoder {name!r} cannot be opened: {problem}. {remedy}, or set TRIAGE_ENCODER to"
            " another model, or to `none` for lexical search only."
        )


class EncoderAltered(Unavailable):
    """A file of an encoder whose SHA-256 is not the expected one."""

    code = "encoder_altered"

    def __init__(self, name: str, found: str, file: str = "model.safetensors") -> None:
        super().__init__(
            f"{file} of the encoder {name!r} has SHA-256 {found}, which is not the pinned one."
            " Install or check it out again; do not serve from altered weights."
        )


class EncodingFailed(Unavailable):
    """An encoder that is open and gives no usable vector."""

    code = "encoding_failed"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"The encoder {name!r} gave no usable vectors: {problem}. Restart the service; if it"
            " happens again, set TRIAGE_ENCODER to another model, or to `none` for lexical search"
            " only."
        )


class IndexMismatch(Unavailable):
    """An index asked with vectors of another encoder."""

    code = "index_mismatch"

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"The index holds vectors of {expected} dimensions and was given {found}."
            " Restart the service so that it is rebuilt with the current encoder."
        )


class CanariesFailed(Unavailable):
    """Questions whose answer is known do not find it any more."""

    code = "canaries_failed"

    def __init__(self, forum: str, failed: int, asked: int) -> None:
        super().__init__(
            f"In the forum {forum} {failed} of {asked} questions with known answers do not find"
            " them. Compare the index with the store: `python -m triage index --check`; restart the"
            " service so that the index is opened anew."
        )


class StoreUnavailable(Unavailable):
    """The database cannot be opened or written."""

    code = "store_unavailable"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The database cannot be used: {problem}. Check TRIAGE_DATABASE_URL, the disk and the"
            " file's permissions."
        )
