"""Every command that changes something leaves a note of who typed it; a new command has its row."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from benchmarks.discourse_site import Category, Site, serving, topic_of
from tests.bundles import published
from tests.dumps import dump, question
from tests.forum import INSTALLATION_KEY, SIGNER, SmallForum, cases, small_forum
from tests.handing import give_up
from tests.importing.channel import keep_channel
from triage.cli import main
from triage.records import ActorKind, Case, Draft, Event, EventType, JobKind, Role
from triage.registry import Registry
from triage.store import (
    DoubtRow,
    DriftAlert,
    add_drift_alert,
    ask_job,
    create_key,
    iter_acts,
    last_act,
    list_bursts,
    put_events,
    replace_open_doubts,
)

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
READ_ONLY = {
    *("ask", "explain", "access", "widget", "report", "redact", "boilerplate show", "cases doubts"),
    # What it finds are events, like those that front ends tell.
    *("holdout show", "bursts list", "returns"),
    # Which asks mean the same is found, not decided; and so is what has drifted.
    *("group", "drift", "alive"),
    # It writes what follows from the store, and nothing of it is anybody's word.
    "index",
    # What it sends was noted where it happened, and each delivery has its row.
    "deliver",
    *("policy show", "policy check", "baseline show", "policy export", "policy history"),
    *("answers list", "answers show"),
    *("channels list", "channels show", "deliveries list"),
    *("reviews list", "reviews show", "reviews estimate"),
    *("keys list", "visitors list", "users list", "audit list", "audit verify"),
    *("models list", "models show", "models compare", "erasures list", "erasures show"),
    *(f"evaluate {what}" for what in ("retrieval", "classify", "difficulty", "routing")),
}
WRITING: Mapping[str, str] = {
    "channels add": "channel.add",
    "channels change": "channel.change",
    "channels remove": "channel.remove",
    "channels rotate": "channel.rotate",
    "channels enable": "channel.enable",
    "channels disable": "channel.disable",
    "channels ping": "channel.ping",
    "deliveries replay": "delivery.replay",
    "deliveries skip": "delivery.skip",
    "ingest threads": "threads.ingest",
    "ingest cases": "cases.ingest",
    "ingest accounts": "accounts.ingest",
    "import stackexchange": "threads.import",
    "import zendesk": "cases.import",
    "import discourse": "threads.import",
    "keys create": "key.create",
    "keys rotate": "key.rotate",
    "keys revoke": "key.revoke",
    "visitors create": "visitor_secret.create",
    "visitors revoke": "visitor_secret.revoke",
    "users add": "user.add",
    "users role": "user.role",
    "users link": "user.link",
    "users disable": "user.disable",
    "users enable": "user.enable",
    "users remove": "user.remove",
    "cases settle": "case.settle",
    "answers find": "proposal.find",
    "answers approve": "proposal.approve",
    "answers refuse": "proposal.refuse",
    "answers review": "answer.review",
    "reviews draw": "review.draw",
    "reviews decide": "review.decide",
    "reviews skip": "review.skip",
    "reviews undo": "review.undo",
    "boilerplate learn": "boilerplate.learn",
    "train": "train.start",
    "encode": "encode.start",
    "models activate": "model.activate",
    "models rollback": "model.rollback",
    "models trust": "model.trust",
    "models export": "model.export",
    "models import": "model.import",
    "models prune": "model.prune",
    "sweep": "questions.sweep",
    "holdout set": "holdout.set",
    "bursts settle": "burst.settle",
    "demo-quarter": "demo.quarter",
    "policy import": "policy.draft",
    "policy activate": "policy.activate",
    "policy discard": "policy.discard",
    "policy simulate": "policy.simulate",
    "erase": "person.erase",
    "export-person": "person.export",
    "retain": "retention.run",
    "baseline import": "baseline.import",
    "export": "report.export",
    "weekly": "report.export",
    "erasures trust": "erasures.trust",
    "audit export": "audit.export",
}
# Of a switch rather than of a command.
CANCELLING = {
    "train --cancel": "train.cancel",
    "encode --cancel": "encode.cancel",
    "demo-quarter --remove": "demo.quarter_remove",
    "drift --seen": "drift.seen",
    "report --from 2025-01-01 --to 2025-01-31 --close": "period.close",
}


def commands(command: click.Command, name: str = "") -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from commands(inner, f"{name} {inner.name}".strip())
    else:
        yield name


class Typist:
    """Types commands and gathers the acts that each of them notes."""

    def __init__(self, small: SmallForum) -> None:
        self.small = small
        self.acts: dict[str, list[str]] = {}

    def type(self, words: str, *more: str, code: int = 0) -> str:
        before = self._last()
        done = CliRunner().invoke(main, [*words.split(), *more])
        assert done.exit_code == code, f"{words}: {done.output}"
        with self.small.database.read() as c:
            rows = list(iter_acts(c, self.small.forum.id, before))
        for row in rows:
            if row.act.actor.kind is ActorKind.COMMAND:
                assert row.act.actor.name == "anna"
        self.acts[words] = [row.act.act for row in rows]
        return done.stdout

    def _last(self) -> int:
        with self.small.database.read() as c:
            return last_act(c, self.small.forum.id)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """Type every writing command once; return what each of them noted."""
    folder = tmp_path_factory.mktemp("commands")
    with pytest.MonkeyPatch.context() as patch, small_forum(folder) as small:
        patch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{folder / 'test.db'}")
        patch.setenv("TRIAGE_DATA_DIR", str(folder))
        patch.setenv("TRIAGE_MODELS_DIR", str(small.models_dir))
        patch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
        patch.setenv("TRIAGE_ENCODER", "hashing")
        patch.setenv("LOGNAME", "anna")
        typist = Typist(small)
        _keep(typist)
        _import(typist, folder)
        _connect(typist, folder)
        patch.setenv("TRIAGE_OUTBOUND_ALLOWED", "127.0.0.1")
        _import_site(typist)
        _let_in(typist)
        _review(typist)
        _choose(typist, folder)
        _rule(typist, folder)
        _learn(typist)
        _measure(typist)
        _forget(typist, folder)
        yield typist.acts


def _keep(typist: Typist) -> None:
    for what in ("threads", "accounts", "cases"):
        lines = (SAMPLE / f"{what}.jsonl").read_text(encoding="utf-8").splitlines()[:3]
        file = typist.small.models_dir.with_name(f"{what}.jsonl")
        file.write_text("\n".join(lines), encoding="utf-8")
        typist.type(f"ingest {what}", str(file))
    with typist.small.database.write() as c:
        row = DoubtRow("c1", "kind", "bug", "problem", 0.8, "unlikely", datetime.now(UTC))
        typist_cases = cases(60)
        assert typist_cases[1].id == "c1"
        forum_id = typist.small.forum.id
    typist.small.put_cases(typist_cases)
    with typist.small.database.write() as c:
        replace_open_doubts(c, forum_id, [row])
    typist.type("cases settle", "c1", "kind", "--keep")
    _answer(typist)


def _import(typist: Typist, folder: Path) -> None:
    """Read two dumps; that they are read again without a change is no act."""
    site = dump(folder, [question(1, "A bell", "It is silent.")])
    ticket = {"id": 1, "subject": "A bell", "description": "It is silent.", "requester_id": 5}
    tickets = folder / "tickets.json"
    tickets.write_text(json.dumps(ticket), encoding="utf-8")
    for words, path in (("import stackexchange", site), ("import zendesk", tickets)):
        typist.type(f"{words} --again", str(path))
        typist.type(words, str(path))
        assert typist.acts.pop(words) == []
        typist.acts[words] = typist.acts.pop(f"{words} --again")


def _import_site(typist: Typist) -> None:
    """Read a site twice; the second time nothing is new, which is no act."""
    site = Site(categories={5: Category(5, "support")})
    site.put(topic_of(9))
    with serving(site):
        keep_channel(typist.small.database, typist.small.forum, site)
        typist.type("import discourse", "--channel", "Forum")
        noted = typist.acts["import discourse"]
        typist.type("import discourse", "--channel", "Forum")
        assert typist.acts["import discourse"] == []
        typist.acts["import discourse"] = noted


def _answer(typist: Typist) -> None:
    """Decide about two cases that experts answered, and look at an answer."""
    cases_of_experts = [
        Case(f"x{n}", f"Bell {n}", "Silent.", answer="Turn it.", destination="expert")
        for n in range(2)
    ]
    typist.small.put_cases(cases_of_experts)
    assert json.loads(typist.type("answers find"))["proposed"] >= 2
    rows = json.loads(typist.type("answers list", "--json"))
    ids = {row["case_id"]: row["id"] for row in rows}
    assert json.loads(typist.type("answers show", ids["x0"], "--json"))["answer"] == "Turn it."
    thread = typist.type("answers approve", ids["x0"], "--everyone").strip()
    typist.type("answers refuse", ids["x1"], "--reason", "only theirs")
    assert (
        json.loads(typist.type("answers review", thread, "a1", "--outdated"))["outdated_votes"] == 0
    )


def _review(typist: Typist) -> None:
    """Look at what a day's draw gives: a label that is doubted."""
    doubted = DoubtRow("c2", "kind", "request", "problem", 0.8, "unlikely", datetime.now(UTC))
    with typist.small.database.write() as c:
        replace_open_doubts(c, typist.small.forum.id, [doubted])
    typist.type("reviews draw")
    noted = typist.acts["reviews draw"]
    typist.type("reviews draw")
    assert typist.acts["reviews draw"] == []
    typist.acts["reviews draw"] = noted
    (item,) = json.loads(typist.type("reviews list", "--reason", "label_error", "--json"))
    assert "problem" in typist.type("reviews show", item["id"])
    typist.type("reviews skip", item["id"])
    typist.type("reviews decide", item["id"], "--kind", "problem")
    typist.type("reviews undo", item["id"])


def _let_in(typist: Typist) -> None:
    secret = typist.type("keys create").strip()
    fresh = typist.type("keys rotate", secret[:10]).strip()
    typist.type("keys revoke", fresh[:10])
    visitors = json.loads(typist.type("visitors create"))
    typist.type("visitors revoke", visitors["kid"])
    typist.type("users add", "eva@bikes.example")
    typist.type("users role", "eva@bikes.example", "lead")
    typist.type("users link", "eva@bikes.example")
    typist.type("users disable", "eva@bikes.example")
    typist.type("users enable", "eva@bikes.example")
    typist.type("users remove", "eva@bikes.example")


def _choose(typist: Typist, folder: Path) -> None:
    small = typist.small
    registry = Registry(small.database, "demo", small.models_dir, SIGNER)
    first, second = (published(registry, number=n).version for n in range(2))
    typist.type("models activate", first)
    typist.type("models activate", second)
    typist.type("models rollback")
    typist.type("models export", second, str(folder / "model.tar.gz"))
    (small.models_dir / "demo" / second / "manifest.sig").unlink()
    typist.type("models trust", second)
    published(registry, number=2)
    published(registry, number=3)
    typist.type("models prune", "--keep", "1")
    typist.type("models import", str(folder / "model.tar.gz"))


def _rule(typist: Typist, folder: Path) -> None:
    file = folder / "policy.toml"
    file.write_text("[shown]\nmost = 2\n", encoding="utf-8")
    typist.type("policy import", str(file))
    typist.type("policy activate", "1")
    file.write_text("[shown]\nmost = 1\n", encoding="utf-8")
    typist.type("policy import", str(file))
    ask = Draft("Bank feed", "It stopped.", lang="en")
    with typist.small.database.write() as c:
        made = {"name": "forum", "role": Role.FRONTEND, "publishable": False, "test": False}
        _, key = create_key(c, typist.small.forum.id, at=datetime.now(UTC), **made)
    typist.small.desk().ask(ask, key)
    typist.type("policy simulate")
    typist.type("policy discard")


def _learn(typist: Typist) -> None:
    small, now = typist.small, datetime.now(UTC)
    typist.type("boilerplate learn")
    typist.type("encode")
    typist.type("train", "--dry-run")
    for kind in (JobKind.TRAIN, JobKind.ENCODE):
        with small.database.write() as c:
            ask_job(c, small.forum.id, kind, {"by": "x", "encoder": "hashing"}, now)
        typist.type(f"{kind.value} --cancel")


def _measure(typist: Typist) -> None:
    typist.type("holdout set", "0.1", "--lang", "fi=0")
    now, small = datetime.now(UTC), typist.small
    with small.database.write() as c:
        made = {"name": "page", "role": Role.FRONTEND, "publishable": False, "test": False}
        _, key = create_key(c, small.forum.id, at=now, **made)
    reply = small.desk().ask(Draft("Bank feed", "It stopped.", person="p"), key)
    named = {"triage_id": reply.triage_id, "ask_id": reply.ask_id, "occurred_at": now}
    done = [Event(f"e{n}", EventType.OPENED, **named) for n in range(51)]
    with small.database.write() as c:
        put_events(c, small.forum.id, key.id, False, done, now)
        (burst,) = list_bursts(c, small.forum.id)
    typist.type("bursts settle", burst.id, "--count")
    typist.type("demo-quarter", "--asks", "100", "--weeks", "2", "--anyway")
    typist.type("demo-quarter --remove")
    with small.database.write() as c:
        turned = {"model_version": "v", "receivers": 0, "drifted": []}
        add_drift_alert(c, small.forum.id, DriftAlert(alert_id="msg_1", at=now, **turned))
    typist.type("drift --seen", "msg_1", "--reason", "the release of May")
    noted = typist.acts["drift --seen"]
    typist.type("drift --seen", "msg_1", "--reason", "again")
    assert typist.acts["drift --seen"] == []
    typist.acts["drift --seen"] = noted
    typist.type("drift --seen", "msg_2", code=1)
    typist.acts["drift --seen"] = noted


def _connect(typist: Typist, folder: Path) -> None:
    """Connect a program that is never reached, and decide about what was given up."""
    file = folder / "channel.json"
    hook = {"kind": "webhook", "name": "Hook", "address": "https://hooks.example/in?key=hush"}
    file.write_text(json.dumps(hook), encoding="utf-8")
    told = json.loads(typist.type("channels add", str(file)))
    channel = told["channel_id"]
    typist.type("channels change", channel, str(file))
    assert typist.type("channels rotate", channel).strip() != told["secret"]
    typist.type("channels ping", channel)
    shown = typist.type("channels show", channel) + typist.type("channels list")
    assert "hush" not in shown
    assert "whsec_" not in shown
    forum_id = typist.small.forum.id
    with typist.small.database.write() as c:
        give_up(c, forum_id, channel, datetime.now(UTC))
    typist.type("deliveries replay", channel)
    assert typist.acts["deliveries replay"] == ["deliveries.replay"]
    with typist.small.database.write() as c:
        first, second = (give_up(c, forum_id, channel, datetime.now(UTC)) for _ in range(2))
    typist.type("deliveries replay", channel, first)
    typist.type("deliveries skip", channel, second)
    listed = json.loads(typist.type("deliveries list", "--state", "skipped", "--json"))
    assert [row["message_id"] for row in listed] == [second]
    typist.type("channels disable", channel)
    typist.type("channels enable", channel)
    typist.type("channels remove", channel)


def _forget(typist: Typist, folder: Path) -> None:
    typist.type("erase", "--user", "asker-1")
    typist.type("export-person", "--user", "asker-2")
    typist.type("retain")
    _report(typist, folder)
    typist.type("sweep")
    typist.type("erasures trust")
    typist.type("audit export", str(folder / "audit.jsonl"))
    assert json.loads(typist.type("audit verify", str(folder / "audit.jsonl")))["exported"]


def _report(typist: Typist, folder: Path) -> None:
    file = folder / "before.csv"
    file.write_text("from,to,questions\n2024-01-01,2024-01-31,900\n", encoding="utf-8")
    typist.type("baseline import", str(file))
    typist.type("report --from 2025-01-01 --to 2025-01-31 --close")
    typist.type("export", "events", str(folder / "events.csv"))
    typist.type("weekly", "--to", str(folder / "weekly.html"))


def test_every_command_is_known_to_write_or_not() -> None:
    assert set(commands(main)) == set(WRITING) | READ_ONLY
    assert not set(WRITING) & READ_ONLY


@pytest.mark.parametrize("command", [*WRITING, *CANCELLING])
def test_what_a_command_changes_is_noted(typed: dict[str, list[str]], command: str) -> None:
    assert typed[command][:1] == [{**WRITING, **CANCELLING}[command]]
