"""Errors of whoever calls: what is asked cannot be accepted, or is not there.

In: what was asked. Out: a code, and a sentence that says what to do.
Not here: who may not do it (doors), what the service itself lacks (parts).
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from triage.errors.root import TriageError


class Refused(TriageError):
    """The caller's input cannot be accepted."""

    code = "refused"


class EmptyDraft(Refused):
    """A draft without any text."""

    code = "empty_draft"

    def __init__(self) -> None:
        super().__init__("The draft has no text. Send a title, a body or both.")


class BadField(Refused):
    """One field of one record is not what its format says; `line` is known of texts alone."""

    code = "bad_field"

    def __init__(self, name: str, problem: str, line: int | None = None) -> None:
        self.field = name
        self.problem = problem
        self.line = line
        super().__init__(f"Field `{name}` {problem}.")


class BadRecord(Refused):
    """A line of a file that cannot be read; the other lines are not affected."""

    code = "bad_record"

    def __init__(self, file: str, line: int, name: str | None, problem: str) -> None:
        self.file = file
        self.line = line
        self.field = name
        self.problem = problem
        where = f"{file}:{line}" + (f" field `{name}`" if name else "")
        super().__init__(f"{where} {problem}. Correct the line and ingest the file again.")


class BadFile(Refused):
    """A file that cannot be opened or is of no known format."""

    code = "bad_file"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"Cannot read {path}: {problem}.")


class BadForumName(Refused):
    """A forum name that could not be a folder or a part of an address."""

    code = "bad_forum_name"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot name a forum. Use 1 to 40 lower-case letters, digits or hyphens,"
            " beginning with a letter; `encoder` is taken by the shipped encoder's folder."
        )


class TooMuch(Refused):
    """More in one call than the settings allow."""

    code = "too_much"

    def __init__(self, what: str, found: int, limit: int, setting: str) -> None:
        super().__init__(
            f"{found} {what}; at most {limit} are taken at once ({setting}). Split it."
        )


class IdempotencyConflict(Refused):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_conflict"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used with another request. Use a new key for a new request."
        )


class IdempotencyPending(Refused):
    """The first request with this Idempotency-Key has not ended yet."""

    code = "idempotency_pending"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still running. Try again in a second."
        )


class JobTaken(Refused):
    """Work that another process holds."""

    code = "job_taken"

    def __init__(self, kind: str, by: str | None, since: datetime | None) -> None:
        how = "was asked for and waits for its turn" if by is None else f"is held by {by}"
        when = f" since {since.isoformat(timespec='seconds')}" if since else ""
        super().__init__(f"The job `{kind}` {how}{when}. Wait for it, or have it cancelled.")


class IllegalChange(Refused):
    """A step that a posted question cannot take, or that lacks what it needs."""

    code = "illegal_change"

    def __init__(
        self, before: str, wanted: str, who: str, allowed: Sequence[str], problem: str | None = None
    ) -> None:
        self.before = before
        self.wanted = wanted
        self.who = who
        self.allowed = tuple(allowed)
        may = ", ".join(f"`{state}`" for state in self.allowed) or "nothing"
        what = "is not allowed" if problem is None else f"is not possible: the question {problem}"
        super().__init__(
            f"From `{before}` to `{wanted}` by {who} {what}. From `{before}`, {who} may make it:"
            f" {may}."
        )


class PersonErased(Refused):
    """Something that was written by a person before they were erased."""

    code = "person_erased"

    def __init__(self) -> None:
        super().__init__(
            "Whoever wrote this was erased since, so it is not taken again. Remove it where it"
            " comes from as well."
        )


class UserTaken(Refused):
    """An e-mail address that somebody in the forum has already."""

    code = "user_taken"

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is a user of this forum already. `python -m triage users role` gives another"
            " role, `users link` a new link."
        )


class Missing(TriageError):
    """The named thing does not exist for this caller."""

    code = "missing"


class NoForum(Missing):
    """A forum that the installation does not have."""

    code = "no_forum"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no forum {name!r}. `python -m triage ingest threads FILE --forum {name}`"
            " creates it."
        )


class NoUser(Missing):
    """Somebody who is no user of this forum's pages."""

    code = "no_user"

    def __init__(self, email: str) -> None:
        super().__init__(
            f"This forum has no user {email}. `python -m triage users list` shows those it has,"
            " `users add` adds one."
        )


class NoThread(Missing):
    """A thread that does not exist, or that this caller may not read."""

    code = "no_thread"

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"There is no thread {thread_id!r} in this forum.")


class NoTriage(Missing):
    """A triage that this forum never made, or keeps no more."""

    code = "no_triage"

    def __init__(self) -> None:
        super().__init__(
            "This forum keeps no triage of this id. Send the `triage_id` of one of its replies."
        )


class NoOriginal(Missing):
    """A triage of which nothing is kept that only an expert may read."""

    code = "no_original"

    def __init__(self) -> None:
        super().__init__(
            "Nothing private is kept of this triage: there was none, it was not submitted, its time"
            " has run out, or the person was erased."
        )


class NoErasure(Missing):
    """An erasure that this forum never made."""

    code = "no_erasure"

    def __init__(self, erasure_id: str) -> None:
        super().__init__(
            f"This forum has no erasure {erasure_id!r}. `python -m triage erasures list` shows"
            " those that it has."
        )


class NoJob(Missing):
    """Work that nobody asked for."""

    code = "no_job"

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"No job `{kind}` of this forum {what}. Ask for one first.")


class NoVersion(Missing):
    """A version that the forum's model never had, or has no more."""

    code = "no_version"

    def __init__(self, version: str, forum: str) -> None:
        super().__init__(
            f"The model of forum {forum} has no version {version!r}."
            f" `python -m triage models list --forum {forum}` shows those that it has."
        )


class NoModel(Missing):
    """A forum without a trained bundle."""

    code = "no_model"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No model in {folder}. Run `python train.py --forum {folder.name}` or set"
            " TRIAGE_MODELS_DIR."
        )
