"""Which encoder serves a forum: the one that the store names, not the one that is wished for.

In: a forum's row, the wish (a setting), a way to open an encoder by name. Out: the encoder that
the forum's vectors and its bundle were made with. A new forum starts with the wish.
Not here: opening encoders (encode), changing from one to another (learn).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from triage import store
from triage.embedding import identity
from triage.encode import Encoder, open_encoder
from triage.errors import EncoderAltered, EncoderMissing
from triage.records import Forum

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EncoderName:
    """What an encoder is opened by. The prompts are for models that bring none of their own."""

    name: str
    query_prompt: str = ""
    passage_prompt: str = ""

    def __str__(self) -> str:
        """Say it to people."""
        if self.prompts == ("", ""):
            return self.name
        return f"{self.name} (prompts {self.query_prompt!r} and {self.passage_prompt!r})"

    @property
    def prompts(self) -> tuple[str, str]:
        """The prompts of questions and of passages."""
        return self.query_prompt, self.passage_prompt

    @property
    def options(self) -> dict[str, Any]:
        """What a job row says of it."""
        return {"encoder": self.name, "prompts": list(self.prompts)}

    def open(self, threads: int) -> Encoder | None:
        """Open it. Raises EncoderMissing and EncoderAltered."""
        prompts = {"query": self.query_prompt, "passage": self.passage_prompt}
        return open_encoder(self.name, threads=threads, prompts=prompts)


OpenEncoder = Callable[[EncoderName], Encoder | None]


@dataclass(frozen=True, slots=True)
class Serving:
    """The encoder that a forum is served with.

    `recorded` is the id that the store has for it. `trouble` says why the recorded one cannot be
    used; `encoder` is then the one that is wished for.
    """

    name: EncoderName
    encoder: Encoder | None
    recorded: str
    trouble: EncoderMissing | EncoderAltered | None = None


@dataclass(frozen=True, slots=True)
class Encoders:
    """The encoder that is wished for, and how to open any. Opening one twice must be cheap."""

    wish: EncoderName
    open: OpenEncoder

    def serving(self, database: store.Database, forum: Forum) -> Serving:
        """Return the forum's encoder, which is the wish where it has none yet.

        When the recorded one is lost, loudly the wish: its vectors are then made anew and the
        forum's bundle, which learnt from others, is refused. Raises EncoderMissing or
        EncoderAltered when that one cannot be opened either.
        """
        name, recorded = recorded_encoder(forum) or self._adopt(database, forum)
        try:
            return Serving(name, self.open_recorded(name, recorded), recorded)
        except (EncoderMissing, EncoderAltered) as error:
            trouble = error
        encoder = self.open(self.wish)
        if identity(encoder) == recorded:
            return Serving(self.wish, encoder, recorded)
        _log.error("encoder_lost forum=%s encoder=%s code=%s", forum.name, name, trouble.code)
        _log.error("%s Vectors are made anew with %s.", trouble, self.wish)
        return Serving(self.wish, encoder, recorded, trouble)

    def open_recorded(self, name: EncoderName, recorded: str) -> Encoder | None:
        """Open an encoder that must still be the recorded one."""
        encoder = self.open(name)
        if identity(encoder) != recorded:
            raise EncoderMissing(
                name.name,
                f"it is now {identity(encoder)}, and the forum has vectors of {recorded}",
                "Put back what was there",
            )
        return encoder

    def _adopt(self, database: store.Database, forum: Forum) -> tuple[EncoderName, str]:
        wished = identity(self.open(self.wish))
        with database.write() as c:
            store.adopt_encoder(c, forum.id, self.wish.name, self.wish.prompts, wished)
            # Another process may have been first.
            found = recorded_encoder(store.get_forum(c, forum.name))
        assert found is not None
        return found


def recorded_encoder(forum: Forum) -> tuple[EncoderName, str] | None:
    """Return what the store says of a forum's encoder: how it is opened, and its id."""
    if forum.encoder is None or forum.encoder_id is None:
        return None
    return EncoderName(forum.encoder, *(forum.encoder_prompts or ())), forum.encoder_id
