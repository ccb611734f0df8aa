"""`boilerplate learn|show`: what a forum's texts share and is discounted."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, serving_encoder, typist
from triage.discount import relearn
from triage.errors import NoThread
from triage.knowledge import boilerplate_of
from triage.records import Thread
from triage.settings import Settings
from triage.text import Boilerplate, SegmentKind

_SHOWN_CHARACTERS = 100


@click.group()
def boilerplate() -> None:
    """Templates, form labels and signatures: learnt from how many texts have them, discounted."""


@boilerplate.command()
@forum_option
def learn(forum: str) -> None:
    """Learn them from every thread and case, and discount them from now on."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        encoder = serving_encoder(settings, database, found)
        note = Acting(found.id, typist()).noting("boilerplate.learn", "forum")
        done = relearn(database, found.id, encoder, lambda line: say(f"{forum}: {line}"), note)
    kinds = Counter(segment.kind for segment in done.segments)
    counts = {f"{kind}s": kinds[kind] for kind in SegmentKind}
    row = {"forum": forum, **counts, "changed": done.changed, "seconds": done.seconds}
    click.echo(json.dumps(row))


@boilerplate.command()
@click.option("--thread", help="Show what is discounted in this thread instead.")
@click.option("--json", "as_json", is_flag=True, help="JSON alone.")
@forum_option
def show(thread: str | None, as_json: bool, forum: str) -> None:
    """Show what is discounted, and how many different texts have it."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        forum_id = store.get_forum(c, forum).id
        if thread is None:
            rows = [_told(row) for row in store.list_boilerplate(c, forum_id)]
            lines = _listed(rows)
        else:
            found = store.get_thread(c, forum_id, thread)
            if found is None:
                raise NoThread(thread)
            rows = list(_discounted(found, boilerplate_of(c, forum_id)))
            lines = (f"{row['answer_id'] or 'question'}: {p}" for row in rows for p in row["parts"])
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)


def _told(row: store.BoilerplateRow) -> dict[str, Any]:
    """Say what there is of a segment; the digest of a signature would tell nobody anything."""
    signature = row.kind == SegmentKind.SIGNATURE
    return {
        "kind": row.kind,
        "segment": None if signature else row.segment,
        "source": row.source or None,
        "product": row.product,
        "documents": row.documents,
        "share": round(row.share, 4),
        "learned_at": row.learned_at.isoformat(),
    }


def _listed(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        source = "/".join(s for s in (row["source"], row["product"]) if s) or "one person's"
        segment = row["segment"] or "(its text is not kept)"
        if len(segment) > _SHOWN_CHARACTERS:
            segment = segment[:_SHOWN_CHARACTERS] + "…"
        count = f"{row['documents']:6} {row['share']:6.1%}"
        yield f"{count}  {row['kind']:9}  {source}  {segment}"


def _discounted(thread: Thread, known: Boilerplate) -> Iterator[dict[str, Any]]:
    """Give the parts of the question and of each answer that are discounted."""
    question = known.marked(thread.body, person=thread.person, beside=thread.title)
    yield {"answer_id": None, "parts": [thread.body[s.start : s.end] for s in question]}
    for answer in thread.answers:
        marks = known.marked(answer.body, person=answer.person)
        yield {"answer_id": answer.id, "parts": [answer.body[s.start : s.end] for s in marks]}
