"""A channel to a site, as somebody would have made it by the API."""

from datetime import UTC, datetime
from typing import Any

from benchmarks.discourse_site import KEY, USER, Site
from tests.forum import INSTALLATION_KEY
from triage.channels import new_channel
from triage.records import ChannelKind, Forum
from triage.store import Database, put_channel

SIGNING = "webhook-secret-of-the-site"


def keep_channel(
    database: Database,
    forum: Forum,
    site: Site,
    key: bytes = INSTALLATION_KEY.encode(),
    **options: Any,  # noqa: ANN401
) -> str:
    """Keep a channel to a site; return its id."""
    opened = new_channel(
        forum,
        key,
        kind=ChannelKind.DISCOURSE,
        name="Forum",
        address=site.address,
        at=datetime.now(UTC),
        secrets={"api_key": KEY, "api_user": USER},
        signing=SIGNING,
        options=options,
    )
    with database.write() as c:
        put_channel(c, forum.id, opened.row)
    return opened.row.channel_id
