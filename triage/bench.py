"""What one forum's replies are made with: an encoder, and the index and the bundle of its vectors.

In: the forum's row as it is now. Out: index and bundle, brought up to date, that belong together.
Not here: which encoder that is and when it changes (desk).
"""

from pathlib import Path

from triage import store
from triage.bundle import Bundle
from triage.encoders import Serving
from triage.knowledge import Knowledge
from triage.live import LiveBundle
from triage.records import Forum
from triage.signing import Signer


class Bench:
    """What replies are made with: an encoder, and the index and the bundle of its vectors."""

    def __init__(
        self, database: store.Database, forum: Forum, folder: Path, serving: Serving, signer: Signer
    ) -> None:
        self.serving = serving
        self.knowledge = Knowledge(database, forum.id, serving.encoder)
        self.live = LiveBundle(database, forum, folder, serving.encoder, signer)
        self._version = forum.live_version

    def follow(self, forum: Forum) -> tuple[Bundle | None, bool]:
        """Bring index and bundle up to date; return the bundle, and whether it is the wrong one."""
        self.knowledge.sync(forum.revision)
        # Beside another encoder stands another bundle: until that has come, the last one is right.
        if forum.encoder_id == self.serving.recorded:
            self._version = forum.live_version
        return self.live.follow(self._version)
