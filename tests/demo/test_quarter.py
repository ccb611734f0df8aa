"""The simulated quarter: marked, lawful, there once, gone again, and true to its world."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.forum import SmallForum, small_forum
from triage import store
from triage.assigning import Assigned
from triage.audit.acting import Acting
from triage.cli import main
from triage.connect import Reading, read_threads
from triage.demo.quarter import SHIPPED, Made, Makers, Wanted, World, make_quarter, remove_quarter
from triage.demo.quarter.answering import Answering
from triage.demo.quarter.asking import Setting
from triage.demo.quarter.hearing import Heard
from triage.demo.quarter.lives import PLACES, Offers, lives_of, true_lift
from triage.demo.quarter.peopling import Peopled, people_quarter
from triage.demo.quarter.texts import Planted, Words, words_of
from triage.demo.quarter.world import Span, crowd_of
from triage.errors import BadField
from triage.lifecycle import replay
from triage.pipeline import Triaged
from triage.questions import rules_of
from triage.questions.reading import change_of
from triage.records import (
    LANGUAGES,
    Actor,
    ActorKind,
    Applicability,
    Arm,
    Decision,
    Destination,
    Draft,
    EventType,
    Label,
    Mode,
    Question,
    Role,
    Suggestion,
    Target,
    Visibility,
)
from triage.reports import ReportOrder, fold, report_of_forum
from triage.settings import ROOT
from triage.store.events import TOLD_BY_SERVERS

SAMPLE = ROOT / "data" / "sample"
NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
AS_OF = ReportOrder(as_of=NOW)
SPAN = Span(datetime(2026, 7, 6, tzinfo=UTC), datetime(2026, 10, 5, tzinfo=UTC))
FIRST_DAY = SPAN.start
BY = Acting(1, Actor(ActorKind.COMMAND, "anna"))


def heard_of(lang: str, number: int, planted: Planted | None = None) -> Heard:
    """A text with what the service says to it: two of three are offered what settles them."""
    name = f"{lang}-{number}"
    right = frozenset({f"t-{name}"}) if planted is None and number % 3 else frozenset()
    shown = [(thread, 0.9 - 0.2 * place) for place, thread in enumerate([*right, f"o-{name}"])]
    question = Question(f"Title {name}", "Body", lang, product="ledger")
    expert = number % 4 == 0
    to = Destination.EXPERT if expert else Destination.COMMUNITY
    visibility = Visibility.PRIVATE if expert else Visibility.PUBLIC
    decision = Decision((), (), to, 0.2, visibility, not expert, (), decided_by="costs")
    suggestions = tuple(
        Suggestion(
            thread_id=thread,
            answer_id="a1",
            title="T",
            snippet="S",
            url=None,
            lang=lang,
            rank=place,
            probability=probability,
            solved=True,
            staff=False,
            applicability=Applicability.FITS,
        )
        for place, (thread, probability) in enumerate(shown, start=1)
        if right
    )
    labels = {
        Target.TOPIC: Label(f"topic-{number % 3}", 0.9, (), False),
        Target.SEVERITY: Label("2" if number % 5 == 0 else "4", 0.9, (), False),
    }
    draft = Draft(question.title, question.body, lang, "ledger")
    made = Triaged(question, (), labels, decision, suggestions)
    first = replace(made, suggestions=()) if number % 2 else None
    return Heard(Words(name, draft, lang, right, planted), made, first)


def texts() -> list[Heard]:
    usual = [heard_of(lang, number) for lang in LANGUAGES for number in range(9)]
    return [*usual, *(heard_of(lang, 90 + n, kind) for lang in LANGUAGES for n, kind in _PLANTED)]


_PLANTED = list(enumerate(Planted))


def quarter(database: store.Database, forum_id: int, asks: int, seed: int = 1) -> Peopled:
    """Put a quarter of hand-made texts into a forum."""
    random, heard = np.random.default_rng(seed), texts()
    words = [one.words for one in heard]
    setting = Setting(SHIPPED, f"test-{seed}", "v1", "i1", Mode.HYBRID)
    crowd = crowd_of(SHIPPED, [("a01", "en"), ("a02", None)], words, asks, SPAN, random)
    with database.read() as c:
        answering = Answering(SHIPPED, rules_of(c, forum_id), SPAN.end)
    made = people_quarter(setting, crowd, dict(enumerate(heard)), {}, answering, random)
    with database.write() as c:
        store.put_simulated(c, forum_id, made.rows, None)
    return made


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[store.Database, int, Peopled]:
    """A forum with a quarter of some size, that nothing changes any more."""
    folder = tmp_path_factory.mktemp("lived")
    database = store.Database(store.sqlite_url(folder / "lived.db"))
    with database.write() as c:
        forum_id = store.ensure_forum(c, "demo").id
    made = quarter(database, forum_id, 1000)
    fold(database, forum_id)
    return database, forum_id, made


Lived = tuple[store.Database, int, Peopled]


def test_the_lift_that_is_measured_covers_the_true_one(lived: Lived) -> None:
    database, forum_id, made = lived
    report = report_of_forum(database, forum_id, AS_OF)
    assert report["asks"] == report["simulated"] == len(made.rows.asks)
    assert made.true_lift > 0.05
    assert report["lift_low"] < made.true_lift < report["lift_high"]
    assert report["lift_low"] > 0
    assert not report["srm_alarm"]
    assert report["excluded"]["bursts"] == 0
    assert report["events_without_ask"] == 0


def test_nobody_with_a_severe_problem_was_held_up(lived: Lived) -> None:
    database, forum_id, _ = lived
    guardrails = report_of_forum(database, forum_id, AS_OF)["guardrails"]
    assert guardrails["severe_offered"] > 10
    assert guardrails["severe_delayed"] == 0


def test_every_ask_says_that_it_is_made_up_also_in_its_first_event(lived: Lived) -> None:
    _, _, made = lived
    assert all(row.simulated for row in made.rows.asks)
    first = {}
    for one in made.rows.events:
        if one.event.type is EventType.ASKED:
            first.setdefault(one.event.ask_id, one.details)
    assert set(first) == {row.ask_id for row in made.rows.asks}
    assert all(details and details["simulated"] is True for details in first.values())
    assert all(row.question_id.startswith(store.MADE_UP) for row in made.rows.questions)


def test_a_front_end_could_have_sent_the_same_events(lived: Lived, tmp_path: Path) -> None:
    """With a key of its own behind the replies, everything told would have been taken."""
    _, _, made = lived
    database = store.Database(store.sqlite_url(tmp_path / "told.db"))
    with database.write() as c:
        forum_id = store.ensure_forum(c, "demo").id
        named = {"name": "page", "role": Role.FRONTEND, "publishable": False, "test": False}
        _, key = store.create_key(c, forum_id, at=FIRST_DAY, **named)
        replies = [replace(row, key_id=key.id) for row in made.rows.triages]
        ours = replace(made.rows, triages=replies, events=(), questions=(), changes=())
        store.put_simulated(c, forum_id, ours, None)
        told = [one.event for one in made.rows.events if one.event.type not in TOLD_BY_SERVERS]
        outcomes = store.put_events(c, forum_id, key.id, False, told, NOW, browser=True)
    database.close()
    assert Counter(one.state for one in outcomes) == {"accepted": len(told)}


def test_every_question_is_what_its_changes_make_of_it(lived: Lived) -> None:
    _, _, made = lived
    changes: dict[str, list[store.ChangeRow]] = {}
    for row in made.rows.changes:
        changes.setdefault(row.question_id, []).append(row)
    assert len(made.rows.questions) > 300
    for row in made.rows.questions:
        posted = replay(change_of(one) for one in changes[row.question_id])
        assert (posted.state, posted.revision) == (row.state, row.revision)
        assert posted.destination == row.destination
        assert row.received_at == posted.received_at
    ended = {"answered", "confirmed_solved", "closed"}
    old = [row for row in made.rows.questions if row.received_at < SPAN.end - timedelta(days=30)]
    assert all(row.state in ended for row in old)


def test_nothing_happens_before_its_ask_or_after_the_quarter(lived: Lived) -> None:
    _, _, made = lived
    opened = {row.ask_id: row.opened_at for row in made.rows.asks}
    assert min(opened.values()) >= SPAN.start
    assert max(opened.values()) < SPAN.end
    assert all(row.at < SPAN.end for row in made.rows.triages)
    assert all(one.at < SPAN.end for one in made.rows.changes)
    for one in made.rows.events:
        assert opened[one.event.ask_id] <= one.event.occurred_at <= one.received_at
        assert one.event.occurred_at < SPAN.end


def test_nothing_is_shown_to_the_holdout(lived: Lived) -> None:
    _, _, made = lived
    held = {row.ask_id for row in made.rows.asks if row.arm is Arm.HOLDOUT}
    assert 0.1 < len(held) / len(made.rows.asks) < 0.3
    seen = {EventType.SHOWN, EventType.OPENED, EventType.SOLVED, EventType.NOT_SOLVED}
    assert not [
        one for one in made.rows.events if one.event.ask_id in held & _asks_with(made, seen)
    ]
    assert all(not row.reply["suggestions"] for row in made.rows.triages if row.ask_id in held)


def _asks_with(made: Peopled, kinds: set[EventType]) -> set[str]:
    return {one.event.ask_id for one in made.rows.events if one.event.type in kinds}


def test_what_is_planted_is_asked_when_it_should_be(lived: Lived) -> None:
    _, _, made = lived
    heard = texts()
    weeks: dict[Planted, Counter[int]] = {kind: Counter() for kind in Planted}
    for row, place in zip(made.rows.asks, made.texts, strict=True):
        kind = heard[place].words.planted
        if kind is not None and row.return_of is None:
            weeks[kind][(row.opened_at - SPAN.start).days // 7] += 1
    assert len(weeks[Planted.GAP]) == SPAN.weeks
    assert min(weeks[Planted.RISING]) >= SPAN.weeks - len(SHIPPED.rising)
    assert weeks[Planted.RISING][SPAN.weeks - 1] > 2 * weeks[Planted.RISING][SPAN.weeks - 2]


def test_the_same_seed_makes_the_same_quarter_and_another_one_another(tmp_path: Path) -> None:
    made = []
    for number, seed in enumerate((5, 5, 6)):
        database = store.Database(store.sqlite_url(tmp_path / f"{number}.db"))
        with database.write() as c:
            forum_id = store.ensure_forum(c, "demo").id
        made.append(quarter(database, forum_id, 120, seed).rows)
        database.close()
    assert made[0] == made[1]
    assert {row.ask_id for row in made[0].asks}.isdisjoint(row.ask_id for row in made[2].asks)


def test_suggestions_that_settle_nothing_have_no_lift() -> None:
    count = 400
    yes = np.ones((count, PLACES), dtype=bool)
    offers = Offers(yes, yes, ~yes, np.full(count, 0.5), np.zeros(count, dtype=bool))
    assert true_lift(World(settles=0.0), offers) == pytest.approx(0.0, abs=1e-9)
    # Whoever is settled by the first thread that they surely look at and open never posts.
    sure = World(settles=1.0, opens=1.0, looked=(1.0, 1.0, 1.0), returns=0.0)
    assert true_lift(sure, offers) == pytest.approx(0.5, abs=0.01)
    lives = lives_of(sure, offers, np.ones(count, dtype=bool), np.random.default_rng(0))
    assert lives.settled.all()
    assert lives.opened.sum() == count


def test_rows_that_do_not_say_that_they_are_made_up_are_refused(lived: Lived) -> None:
    database, forum_id, made = lived
    honest, only = made.rows, {"triages": (), "vectors": {}, "events": (), "changes": ()}
    silent = replace(honest, asks=[replace(honest.asks[0], simulated=None)], questions=(), **only)
    unnamed = replace(honest.questions[0], question_id="real", ask_id=None)
    for rows in (silent, replace(honest, asks=(), questions=[unnamed], **only)):
        with pytest.raises(ValueError, match="simulated"), database.write() as c:
            store.put_simulated(c, forum_id, rows, None)


@pytest.fixture(scope="module")
def sample() -> list[Words]:
    return words_of(SAMPLE)


def test_the_sample_has_texts_in_every_language_and_what_is_planted(sample: list[Words]) -> None:
    assert len({one.id for one in sample}) == len(sample)
    for kind in (None, *Planted):
        langs = Counter(one.lang for one in sample if one.planted is kind)
        assert set(langs) == set(LANGUAGES)
        assert len(set(langs.values())) == 1 or kind is None
    assert sum(bool(one.right) for one in sample) > 150
    known = set(_sample_threads())
    assert all(one.right <= known for one in sample)
    about = [one for one in sample if one.id in SHIPPED.dead_texts]
    assert len(about) == len(SHIPPED.dead_texts)
    assert all(SHIPPED.dead_thread in one.right for one in about)


def _sample_threads() -> list[str]:
    path = SAMPLE / "threads.jsonl"
    return [one.id for one in read_threads(path, lambda user: "0" * 32, Reading(path))]


@pytest.fixture
def small(tmp_path: Path) -> SmallForum:
    with small_forum(tmp_path) as found:
        yield found


def make(small: SmallForum, now: datetime = NOW, **wanted: object) -> Made:
    """Simulate a few asks with the sample's own texts, by the real steps."""
    desk = small.desk()
    acting = replace(BY, forum_id=small.forum.id)
    opened = lambda: (desk.parts(), "i1")  # noqa: E731
    makers = Makers(small.database, acting, opened, SAMPLE)
    return make_quarter(makers, Wanted(**{"asks": 100, "weeks": 2, **wanted}), now)


def counts(small: SmallForum) -> dict[str, int]:
    names = (
        "asks",
        "triages",
        "events",
        "questions",
        "question_changes",
        "ask_vectors",
        "ask_groups",
    )
    with small.database.read() as c:
        return {name: c.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in names}


def test_a_quarter_is_there_once_and_goes_without_a_trace(small: SmallForum) -> None:
    before = counts(small)
    made = make(small)
    there = counts(small)
    assert made.fresh
    assert there["asks"] == made.asks >= 100
    assert there["ask_vectors"] == made.asks
    assert there["events"] == made.events
    assert made.last_day == "2026-10-04"
    with small.database.read() as c:
        assert store.has_simulated(c, small.forum.id)
        assert store.count_real(c, small.forum.id) == 0
    # Wanted again, also later or otherwise, it stays as it is.
    again = make(small, NOW + timedelta(days=3), seed=7)
    assert not again.fresh
    assert again.asks == made.asks
    assert counts(small) == there
    acting = replace(BY, forum_id=small.forum.id)
    assert remove_quarter(small.database, acting)["asks"] == made.asks
    fold(small.database, small.forum.id)
    assert counts(small) == before
    assert report_of_forum(small.database, small.forum.id, AS_OF)["asks"] == 0


def test_a_forum_that_people_have_asked_is_left_alone_unless_told(small: SmallForum) -> None:
    ask_once(small)
    with pytest.raises(BadField, match="1 asks of people"):
        make(small)
    assert counts(small)["asks"] == 1
    made = make(small, anyway=True)
    assert counts(small)["asks"] == made.asks + 1
    # Taking it out leaves what people have asked.
    remove_quarter(small.database, replace(BY, forum_id=small.forum.id))
    assert counts(small)["asks"] == 1


def test_typed_into_a_forum_that_people_have_asked_it_says_so(
    small: SmallForum, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_once(small)
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{small.models_dir.parent / 'test.db'}")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(small.models_dir.parent))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(small.models_dir))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    refused = CliRunner().invoke(main, ["demo-quarter", "--forum", "demo"])
    assert refused.exit_code == 1
    assert "error bad_field" in refused.stderr
    left = CliRunner().invoke(main, ["demo-quarter", "--forum", "demo", "--unless-asked"])
    assert left.exit_code == 0
    assert "nothing is simulated" in left.stderr
    assert counts(small)["asks"] == 1


def ask_once(small: SmallForum) -> None:
    """Have somebody ask who is really there."""
    with small.database.write() as c:
        store.open_ask(
            c,
            small.forum.id,
            key_id=None,
            person="p",
            session=None,
            lang="en",
            test=False,
            at=NOW,
            window=timedelta(minutes=30),
            new_id="real",
            assign=lambda: Assigned(Arm.TREATMENT, "person", 0.05),
        )
