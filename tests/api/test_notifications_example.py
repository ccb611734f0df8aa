"""The calls that docs/notifications.md shows, in their order, against a started server."""

from datetime import UTC, datetime

from triage.visitors import create_secret, sign_visitor

from .conftest import World
from .worked import walk


def test_the_walk_of_the_page_is_what_happens(world: World) -> None:
    now = datetime.now(UTC)
    with world.database.write() as c:
        secret = create_secret(c, world.forum(), world.settings.person_key, "site", now)
    token = sign_visitor(*secret, "bikes", user="kund-7", at=now)
    assert walk(world, "notifications.md", token) == 12
