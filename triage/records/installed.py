"""The forums of an installation and the keys that open them."""

from dataclasses import dataclass

from triage.records.choices import Role


@dataclass(frozen=True, slots=True)
class Forum:
    """One forum of the installation and where it stands."""

    id: int
    name: str
    revision: int
    live_version: str | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who is calling: the key's forum, role and kind. The secret itself is never kept."""

    id: int
    forum: Forum
    prefix: str
    role: Role
    publishable: bool
    test: bool
    name: str
