"""The forums of an installation and the keys that open them."""

from dataclasses import dataclass

from triage.records.choices import Role


@dataclass(frozen=True, slots=True)
class Forum:
    """One forum of the installation and where it stands.

    `encoder` names the encoder that serves it, with the prompts (question, passage) that it was
    given; `encoder_id` is the space of its vectors. All are None until the forum is first opened.
    """

    id: int
    name: str
    revision: int
    live_version: str | None
    encoder: str | None = None
    encoder_id: str | None = None
    encoder_prompts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who is calling: the key's forum, role and kind. The secret itself is never kept.

    `id` is that of the first key of its line: a key that was rotated hands it on, so that what
    one asked, the next may tell events of.
    `origins` are the sites whose pages may bring a publishable key from a browser, each as a
    browser writes it (`https://forum.example.com`).
    """

    id: int
    forum: Forum
    prefix: str
    role: Role
    publishable: bool
    test: bool
    name: str
    origins: frozenset[str] = frozenset()
