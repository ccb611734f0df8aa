"""A forum's drift is read from its store, said by part, and told to other systems once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bundles import ENCODER, fitted
from tests.forum import SmallForum, small_forum
from triage import store
from triage.cli import main
from triage.insight.drift import ALL, WEEK, Drift, Part, Verdict
from triage.records import Case, ChannelKind, MessageType, Target
from triage.watching import EVERY, Guess, Watched, Wish, guesses, tell, watch
from triage.watching.judging import judged_of, promises_of
from triage.watching.looking import own_time, worst
from triage.watching.moments import date_of, day_of, moment_of

from .served import FIRST, MADE, METRICS, VERSION, Served, served

NOW = moment_of(MADE + 2 * WEEK) + timedelta(hours=1)


def guess(day: int, person: str, *, right: bool, lang: str = "en") -> Guess:
    filed = "bank" if right else "logo"
    return Guess(day, person, Target.TOPIC, "Bank", filed, True, lang, None)


def at(found: Watched, part: Part, measure: str, where: str = ALL) -> Drift:
    (one,) = [d for d in found.drifts if d.key == (part.value, measure, where)]
    return one


def looked(forum: Served, weeks: int = 2, **wish: bool) -> Watched:
    return watch(forum.database, forum.forum, Wish(MADE + weeks * WEEK, **wish), ())


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a forum in which people begin to ask about badges; written once for many tests."""
    folder = tmp_path_factory.mktemp("changed")
    with small_forum(folder) as made:
        yield replace(served(made, comes="badge"), path=folder / "test.db")


@pytest.fixture(scope="module")
def drifted(changed: Served) -> Watched:
    """Return what is said of it two weeks later."""
    return looked(changed)


def test_a_forum_as_it_was_has_not_drifted(small: SmallForum) -> None:
    found = looked(served(small, weeks=10))
    assert found.model_version == VERSION
    assert worst(found.drifts, Part.INPUTS) in (Verdict.STEADY, Verdict.WATCH)
    assert worst(found.drifts, Part.PREDICTIONS) in (Verdict.STEADY, Verdict.WATCH)
    assert worst(found.drifts, Part.PRECISION) is Verdict.TOO_FEW
    spans = dict(found.references)
    assert (spans[Part.INPUTS].first, spans[Part.INPUTS].end) == (FIRST, MADE)


def test_a_topic_nobody_taught_is_seen_in_what_is_asked_and_in_what_is_said(
    drifted: Watched,
) -> None:
    found = drifted
    words = at(found, Part.INPUTS, "words")
    assert words.verdict is Verdict.DRIFTED
    assert {moved.name for moved in words.what} == {"badge", "reader", "door"}
    assert at(found, Part.INPUTS, "meaning").verdict is Verdict.DRIFTED
    silent = at(found, Part.PREDICTIONS, "topic")
    assert silent.verdict is Verdict.DRIFTED
    assert silent.what[0].name == "silent"
    assert at(found, Part.PREDICTIONS, "offered").verdict is Verdict.DRIFTED
    assert at(found, Part.PREDICTIONS, "destination").verdict is Verdict.STEADY
    assert silent.since == MADE


@pytest.mark.parametrize("kind", ["test", "simulated"])
def test_asks_that_nobody_asked_say_nothing(small: SmallForum, kind: str) -> None:
    forum = served(small, asks=35, weeks=10, comes="badge", **{kind: True})
    found = looked(forum)
    assert found.references == ()
    assert {one.part for one in found.drifts} == {Part.PRECISION}
    assert {card.asks for card in found.cards} == {0}
    wanted = looked(forum, include_simulated=True)
    assert bool(wanted.references) == (kind == "simulated")


def test_without_a_live_model_there_is_nothing_to_hold_traffic_against(small: SmallForum) -> None:
    assert watch(small.database, small.forum, Wish(MADE), ()) == Watched(None)


def test_precision_is_held_against_what_was_promised(changed: Served) -> None:
    told = [guess(MADE + i // 4, f"p{i}", right=i % 10 < 9) for i in range(80)]
    told += [guess(MADE + i // 4, f"q{i}", right=i % 10 < 3, lang="fi") for i in range(80)]
    found = watch(changed.database, changed.forum, Wish(MADE + 3 * WEEK), told)
    assert at(found, Part.PRECISION, "topic", "lang=fi").verdict is Verdict.DRIFTED
    assert at(found, Part.PRECISION, "topic", "lang=en").verdict is Verdict.STEADY
    assert at(found, Part.PRECISION, "topic", "lang=fi").statistic == pytest.approx(0.3)


def test_what_a_model_keeps_silent_of_is_no_promise() -> None:
    assert promises_of(METRICS) == {"topic": 0.8}
    low = {"topic": {"precision_wanted": 0.8, "precision": 0.7, "coverage": 0.2}}
    assert promises_of(low) == {"topic": 0.7}


def test_only_what_was_said_surely_is_judged() -> None:
    sure, unsure = guess(1, "p", right=False), guess(1, "q", right=True)
    unsure = Guess(1, "q", Target.TOPIC, "bank", "bank", False, "en", None)
    judged = judged_of([sure, unsure])["topic"]
    assert judged.right.tolist() == [False]


def test_cards_say_precision_and_coverage_by_day_and_together(changed: Served) -> None:
    day = MADE + 2 * WEEK
    told = [guess(day - 1, f"p{i}", right=i != 0) for i in range(5)]
    cards = watch(changed.database, changed.forum, Wish(day), told).cards
    topics = [card for card in cards if card.target is Target.TOPIC]
    assert [card.day for card in topics[:3]] == [None, date_of(day - 1), date_of(day - 2)]
    assert len(topics) == 1 + 4 * WEEK
    together, last = topics[0], topics[1]
    assert together.asks == sum(card.asks for card in topics[1:])
    assert last.precision is not None
    assert (last.judged, last.precision.value) == (5, 0.8)
    assert last.precision.low < 0.8 < last.precision.high
    assert together.coverage is not None
    assert 0.6 < together.coverage.value < 0.95


def test_a_model_labels_the_cases_that_came_after_it(small: SmallForum) -> None:
    def case(name: str, title: str, day: int, kind: str | None) -> Case:
        return Case(name, title, "It does.", created=moment_of(day), kind=kind, lang="en")

    small.put_cases(
        [
            case("old", "Crash with a stack trace", MADE - 1, "bug"),
            case("new", "Crash with a stack trace", MADE, "bug"),
            case("unfiled", "Crash with a stack trace", MADE, None),
            case("later", "Crash with a stack trace", MADE + 9, "bug"),
        ]
    )
    desk = small.desk()
    desk.open()
    parts = desk.parts()
    parts = replace(parts, classifier=fitted().classifier, encoder=ENCODER)
    (found,) = guesses(small.database, small.forum.id, parts, MADE, MADE + 9)
    assert (found.target, found.guess, found.filed, found.right) == (
        Target.KIND,
        "bug",
        "bug",
        True,
    )
    assert found.day == MADE


def test_the_models_own_time_is_whole_weeks_before_it_or_the_first_weeks_there_are() -> None:
    assert own_time(0, 1000).first == 1000 - 8 * WEEK
    assert own_time(965, 1000).first == 1000 - 5 * WEEK
    assert (own_time(990, 1000).first, own_time(990, 1000).end) == (990, 990 + 4 * WEEK)


def test_a_verdict_that_turns_is_told_once_and_again_only_when_it_turns_anew(
    small: SmallForum, changed: Served, drifted: Watched
) -> None:
    forum_id = small.forum.id
    calm = Watched(VERSION, looked(changed, weeks=0).drifts)
    with small.database.write() as c:
        _hook(c, forum_id)
        first = tell(c, forum_id, drifted, NOW)
        assert {one.verdict for one in first} == {Verdict.DRIFTED}
        assert tell(c, forum_id, drifted, NOW + EVERY) == ()
        assert tell(c, forum_id, calm, NOW + 2 * EVERY) == ()
        assert tell(c, forum_id, drifted, NOW + 3 * EVERY) == first
        (one, two) = _messages(c, forum_id)
    assert one.type is MessageType.DRIFT
    assert one.data["model_version"] == VERSION
    named = {(d["part"], d["measure"], d["slice"]) for d in one.data["drifted"]}
    assert ("inputs", "words", "all") in named
    assert {d["before"] for d in one.data["drifted"]} == {None}
    assert {d["before"] for d in two.data["drifted"]} == {"too_few"}
    # Nobody's words are in a message, however many used them.
    assert "badge" not in json.dumps([one.data, two.data])


def test_what_stays_keeps_the_moment_at_which_it_turned(
    small: SmallForum, drifted: Watched
) -> None:
    with small.database.write() as c:
        tell(c, small.forum.id, drifted, NOW)
        tell(c, small.forum.id, drifted, NOW + EVERY)
        rows = store.list_drifts(c, small.forum.id)
    assert {row.changed_at for row in rows} == {NOW}
    assert len(rows) == len(drifted.drifts)


def test_another_model_begins_anew(small: SmallForum, drifted: Watched) -> None:
    forum_id = small.forum.id
    with small.database.write() as c:
        told = tell(c, forum_id, drifted, NOW)
        assert tell(c, forum_id, Watched("other", drifted.drifts), NOW + EVERY) == told
        assert tell(c, forum_id, Watched(None), NOW + 2 * EVERY) == ()
        assert store.list_drifts(c, forum_id) == []


def test_of_several_servers_one_looks_each_hour(small: SmallForum) -> None:
    with small.database.write() as c:
        assert store.is_drift_look_due(c, small.forum.id, NOW, EVERY)
        assert store.take_drift_look(c, small.forum.id, NOW, EVERY)
        assert not store.take_drift_look(c, small.forum.id, NOW + EVERY / 2, EVERY)
        assert not store.is_drift_look_due(c, small.forum.id, NOW + EVERY / 2, EVERY)
        assert store.take_drift_look(c, small.forum.id, NOW + EVERY, EVERY)


def test_the_command_says_it_in_lines_and_as_json(
    changed: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settings(changed.path, tmp_path, monkeypatch)
    last = date_of(MADE + 2 * WEEK - 1).isoformat()
    told = CliRunner().invoke(main, ["drift", "--forum", "demo", "--as-of", last])
    assert told.exit_code == 0, told.output
    assert "predictions: drifted" in told.output
    assert "drifted topic (all)" in told.output
    asked = ["drift", "--forum", "demo", "--as-of", last, "--json"]
    found = json.loads(CliRunner().invoke(main, asked).stdout)
    assert found["verdicts"]["predictions"] == "drifted"
    assert found["references"]["inputs"]["to"] == date_of(MADE - 1).isoformat()
    assert len([card for card in found["cards"] if card["day"] is None]) == 4


def test_telling_is_of_now_and_of_real_asks_alone(
    small: SmallForum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small.database.write() as c:
        store.put_model(c, small.forum.id, VERSION, "digest", NOW, METRICS)
        store.set_live_version(c, small.forum.id, VERSION)
    _settings(tmp_path / "test.db", tmp_path, monkeypatch)
    wrong = CliRunner().invoke(main, ["drift", "--forum", "demo", "--tell", "--simulated"])
    assert wrong.exit_code == 2
    told = CliRunner().invoke(main, ["drift", "--forum", "demo", "--tell"])
    assert told.exit_code == 0, told.output
    # Whoever comes within the hour has nothing to do.
    assert CliRunner().invoke(main, ["drift", "--forum", "demo", "--tell"]).output == ""


def _settings(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_DATABASE_URL", store.sqlite_url(path))
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")


def _hook(c: store.Connection, forum_id: int) -> None:
    store.put_channel(
        c,
        forum_id,
        store.ChannelRow(
            channel_id="ch",
            kind=ChannelKind.WEBHOOK,
            name="hook",
            address="https://hooks.example/in",
            sealed=b"",
            options={},
            wants=frozenset({MessageType.DRIFT.value}),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    )


def _messages(c: store.Connection, forum_id: int) -> list[store.Message]:
    found = store.list_deliveries(c, forum_id)
    ids = [one.message_id for one in found]
    messages = store.get_messages(c, forum_id, ids)
    return sorted(messages.values(), key=lambda one: one.at)


def test_days_are_of_utc() -> None:
    assert day_of(datetime(1970, 1, 2, 0, 30, tzinfo=UTC)) == 1
    east = datetime.fromisoformat("1970-01-02T00:30:00+02:00")
    assert day_of(east) == 0
