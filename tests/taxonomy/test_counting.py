"""Labels are counted as they were filed and said, and told with how they stand."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.forum import SmallForum
from triage import store
from triage.records import ApiKey, Case, Draft, Role, Stage, Target
from triage.store.tables.ask import triages
from triage.taxonomy import WINDOW, Standing, Taxonomy, taxonomy_of
from triage.text import digest

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def row(n: int, said: int, coverage: float, precision: float | None, shown: str) -> dict[str, Any]:
    return {
        "n": n,
        "said": said,
        "coverage": coverage,
        "precision_spoken": precision,
        "shown": shown,
        "abstain_below": 1.01 if shown == "silent" else 0.6,
    }


METRICS: Mapping[str, Any] = {
    "per_class": {
        "Invoices": row(40, 50, 0.8, 0.9, "alone"),
        "bank": row(12, 10, 0.0, None, "silent"),
        "fax": row(5, 4, 0.5, 1.0, "together"),
    },
    "dropped_classes": ["stamps"],
}


_KEYS: dict[int, ApiKey] = {}
_ASKED: list[str] = []


def put(small: SmallForum, topics: Mapping[str, int], lang: str = "en") -> None:
    with small.database.write() as c:
        cases = [
            Case(f"{lang}-{topic}-{n}", f"About {topic}", "It is so.", lang=lang, topic=topic)
            for topic, many in topics.items()
            for n in range(many)
        ]
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in cases])


def say(small: SmallForum, topic: str, *, at: datetime, abstained: bool = False) -> str:
    """Have an ask's reply say a topic, as a model would have."""
    desk = small.desk()
    person = f"p{len(_ASKED)}"
    _ASKED.append(person)
    draft = Draft("Dark theme", "In the app.", lang="en", person=person, stage=Stage.SUBMIT)
    reply = desk.ask(draft, key_of(small), clock=lambda: at)
    with small.database.write() as c:
        kept = store.get_triage(c, small.forum.id, reply.triage_id)
        assert kept is not None
        label = {"value": topic, "probability": 0.7, "alternatives": [], "abstained": abstained}
        said = {**kept.reply, "labels": {**kept.reply["labels"], "topic": label}}
        relabel(c, small.forum.id, reply.triage_id, said)
    return reply.triage_id


def relabel(c: store.Connection, forum_id: int, triage_id: str, said: Mapping[str, Any]) -> None:
    mine = (triages.c.forum_id == forum_id) & (triages.c.triage_id == triage_id)
    c.execute(update(triages).where(mine).values(reply=dict(said)))


def key_of(small: SmallForum) -> ApiKey:
    if id(small) not in _KEYS:
        with small.database.write() as c:
            _KEYS[id(small)] = store.create_key(
                c,
                small.forum.id,
                name="f",
                role=Role.FRONTEND,
                publishable=False,
                test=False,
                at=NOW,
            )[1]
    return _KEYS[id(small)]


def read(small: SmallForum, metrics: Mapping[str, Any] | None = METRICS) -> Taxonomy:
    with small.database.read() as c:
        return taxonomy_of(c, small.forum.id, Target.TOPIC, NOW, model="m1", metrics=metrics)


def test_spellings_that_differ_in_case_and_spaces_are_one_label(small: SmallForum) -> None:
    put(small, {"Invoices": 3, "invoices ": 2, "INVOICES": 1, "bank": 4})
    put(small, {"invoices": 1}, lang="sv")
    found = read(small).of("invoices")
    assert found is not None
    assert (found.label, found.cases) == ("Invoices", 7)
    assert found.langs == {"en": 6, "sv": 1}
    assert next(iter(found.spellings)) == "Invoices"
    assert sum(found.spellings.values()) == 7


@pytest.mark.parametrize(
    ("topic", "standing"),
    [
        ("invoices", Standing.LEARNT),
        ("bank", Standing.SILENT),
        ("stamps", Standing.RARE),
        ("alone", Standing.RARE),
        ("brand new", Standing.NEW),
        ("fax", Standing.GONE),
    ],
)
def test_how_a_label_stands(small: SmallForum, topic: str, standing: Standing) -> None:
    put(small, {"invoices": 3, "bank": 4, "stamps": 2, "alone": 1, "brand new": 5})
    found = read(small).of(topic)
    assert found is not None
    assert found.standing is standing
    unmeasured = read(small, None).of(topic)
    assert unmeasured is None or unmeasured.standing is Standing.NO_MODEL


def test_precision_has_an_interval_of_as_many_as_were_surely_said(small: SmallForum) -> None:
    put(small, {"invoices": 3})
    found = read(small).of("invoices")
    assert found is not None
    assert found.learnt is not None
    assert found.learnt.spoken == 40
    assert found.learnt.low is not None
    assert found.learnt.high is not None
    # Wilson's interval of 36 of 40.
    assert found.learnt.low == pytest.approx(0.769, abs=0.001)
    assert found.learnt.high == pytest.approx(0.960, abs=0.001)


def test_what_was_said_lately_is_counted_by_the_last_reply_alone(small: SmallForum) -> None:
    put(small, {"invoices": 3, "bank": 4})
    for _ in range(2):
        say(small, "invoices", at=NOW - DAY)
    last = say(small, "bank", at=NOW - 2 * DAY, abstained=True)
    say(small, "bank", at=NOW - WINDOW - DAY)
    found = read(small)
    assert (found.asks, found.unsure) == (3, 1)
    counts = {one.label: (one.said, one.unsure) for one in found.labels}
    assert counts["Invoices"] == (2, 0)
    assert counts["bank"] == (0, 1)
    with small.database.read() as c:
        asked = store.asks_said(c, small.forum.id, Target.TOPIC, "invoices", NOW - WINDOW, 5)
    assert len(asked) == 2
    assert last not in asked


def test_examples_are_the_newest_cases_of_any_spelling(small: SmallForum) -> None:
    with small.database.write() as c:
        cases = [
            Case("old", "Old", "", topic="Bank", created=NOW - 9 * DAY),
            Case("new", "New", "", topic="bank", created=NOW - DAY),
            Case("undated", "Undated", "", topic="bank"),
            Case("other", "Other", "", topic="fax", created=NOW),
        ]
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in cases])
    with small.database.read() as c:
        spelt = ["Bank", "bank"]
        told = list(store.cases_labelled(c, small.forum.id, Target.TOPIC, spelt, 5))
        few = list(store.cases_labelled(c, small.forum.id, Target.TOPIC, spelt, 1))
    assert [case.id for case in told] == ["new", "old", "undated"]
    assert [case.id for case in few] == ["new"]


def test_closed_choices_are_there_though_nobody_used_them(small: SmallForum) -> None:
    with small.database.read() as c:
        found = taxonomy_of(c, small.forum.id, Target.KIND, NOW, model="m1", metrics=METRICS)
    assert {"how_to", "bug"} <= {one.label for one in found.labels}
    assert found.of("bug") is not None
