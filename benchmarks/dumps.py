"""How long a dump of a Stack Exchange site takes to be read, and what reading it again does.

    python -m benchmarks.dumps --questions 100000

Writes a made dump (answers far from their questions, links of duplicates, code blocks), packs it
with `--packed`, and runs `python -m triage import stackexchange` on it in processes of their own:
once; again, which must write nothing; and on a newer dump in which some questions were edited,
some deleted, some new and some answers moved. Prints a line of JSON for each: seconds by the clock
and of the processor, the most memory that the process held, what was changed. The encoder is the
hashing one: what another takes comes on top (docs/encoder.md).
"""

import hashlib
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import py7zr

ROOT = Path(__file__).resolve().parents[1]
SITE = "made.stackexchange.com"
# Of a hundred questions of the first dump, so many in the second.
EDITED, DELETED, MOVED, NEW = 5, 2, 2, 3

_NOUNS = (
    "invoice export ledger customer bank report printer login backup template period tax".split()
)
_VERBS = "stops repeats loses doubles hides refuses sorts rounds prints imports".split()
_WHEN = "since the update,at the end of a month,with two companies,on a slow line,after a restart"


@dataclass(frozen=True, slots=True)
class Made:
    """What a dump has: so many questions, and whether it is the newer one."""

    questions: int
    newer: bool = False

    def posts(self) -> Iterator[str]:
        """Yield the rows of posts: all questions, then all answers, as far apart as can be."""
        for number in self._numbers():
            yield _row(self._question(number))
        for number in self._numbers():
            for place in range(_answers_of(number)):
                yield _row(self._answer(number, place))

    def links(self) -> Iterator[str]:
        """Yield the links: one question in twenty is a duplicate of another."""
        for number in self._numbers():
            if number % 20 == 0:
                of = number - 1 - number % 7
                link = {"Id": number, "PostId": number, "RelatedPostId": of, "LinkTypeId": 3}
                yield _row(link)

    def expected(self) -> tuple[int, int, int, int]:
        """Return what the newer dump creates, updates, leaves and removes."""
        there = list(Made(self.questions)._numbers())
        now = set(Made(self.questions, newer=True)._numbers())
        left = [number for number in there if number in now]
        changed = {n for n in left if _edited(n)} | self._touched_by_moves(now)
        created = len(now) - len(left)
        return created, len(changed), len(left) - len(changed), len(there) - len(left)

    def _touched_by_moves(self, now: set[int]) -> set[int]:
        movers = {n for n in now if _moved(n) and n <= self.questions}
        return movers | {_host(n) for n in movers}

    def _numbers(self) -> Iterator[int]:
        for number in range(1, self.questions + 1):
            if not (self.newer and number % 100 < DELETED):
                yield number
        if self.newer:
            yield from range(self.questions + 1, self.questions * (100 + NEW) // 100 + 1)

    def _question(self, number: int) -> dict[str, object]:
        edited = self.newer and _edited(number)
        return {
            "Id": number,
            "PostTypeId": 1,
            "AcceptedAnswerId": _answer_id(number, 0) if number % 2 else "",
            "CreationDate": f"20{10 + number % 10}-0{1 + number % 9}-1{number % 10}T08:00:00.000",
            "Score": number % 9 - 1,
            "Body": _body(number, "edited" if edited else ""),
            "OwnerUserId": number % 5000 + 1,
            "Title": _title(number),
            "Tags": f"<{_NOUNS[number % 12]}><{_VERBS[number % 10]}>",
            "ContentLicense": "CC BY-SA 4.0",
        }

    def _answer(self, number: int, place: int) -> dict[str, object]:
        parent = number
        if self.newer and place == 0 and _moved(number) and number <= self.questions:
            parent = _host(number)
        return {
            "Id": _answer_id(number, place),
            "PostTypeId": 2,
            "ParentId": parent,
            "CreationDate": f"20{10 + number % 10}-0{1 + number % 9}-2{number % 9}T08:00:00.000",
            "Score": (number + place) % 6,
            "Body": _body(number * 7 + place, "answer"),
            "OwnerUserId": (number + place) % 5000 + 1,
            "ContentLicense": "CC BY-SA 4.0",
        }


def _answers_of(number: int) -> int:
    return (1, 2, 1, 3, 2)[number % 5]


def _answer_id(number: int, place: int) -> int:
    return 10_000_000 + number * 4 + place


def _edited(number: int) -> bool:
    return number % 100 in range(10, 10 + EDITED)


def _moved(number: int) -> bool:
    return number % 100 in range(40, 40 + MOVED)


def _host(number: int) -> int:
    """Return the question to which the first answer of another one moves."""
    return number + 20


def _title(number: int) -> str:
    rng = random.Random(number)
    noun, other = rng.sample(_NOUNS, 2)
    return f"The {noun} {rng.choice(_VERBS)} the {other} {rng.choice(_WHEN.split(','))} ({number})"


def _body(number: int, more: str) -> str:
    rng = random.Random(f"{number} {more}")
    said = [
        f"My {rng.choice(_NOUNS)} {rng.choice(_VERBS)} {rng.choice(_WHEN.split(','))}."
        for _ in range(rng.randrange(4, 12))
    ]
    code = f"<pre><code>run --page {rng.randrange(1000)}\n  size &lt; {number}\n</code></pre>"
    half = len(said) // 2
    first, last = " ".join(said[:half]), " ".join(said[half:])
    return f"<p>{first} {more}</p>\n\n{code}\n\n<p>{last} Case <code>{number}</code>.</p>\n"


def _row(attributes: Mapping[str, object]) -> str:
    said = " ".join(f"{k}={quoteattr(str(v), {chr(10): '&#xA;'})}" for k, v in attributes.items())
    return f"  <row {said} />\n"


def write_dump(folder: Path, made: Made, packed: bool) -> Path:
    """Write a dump; return its folder, or the archive of it."""
    path = folder / SITE
    path.mkdir(exist_ok=True)
    for table, rows in (("posts", made.posts()), ("postlinks", made.links())):
        name = {"posts": "Posts.xml", "postlinks": "PostLinks.xml"}[table]
        with (path / name).open("w", encoding="utf-8") as file:
            file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{table}>\n')
            file.writelines(rows)
            file.write(f"</{table}>\n")
    if not packed:
        return path
    archive = path.with_name(f"{SITE}.7z")
    with py7zr.SevenZipFile(archive, "w") as writer:
        for member in sorted(path.iterdir()):
            writer.write(member, member.name)
    return archive


def run_import(folder: Path, path: Path, name: str) -> dict[str, object]:
    """Run the command in a process of its own; return what it said and what it took."""
    environment = os.environ | {
        "TRIAGE_DATA_DIR": str(folder / "data"),
        "TRIAGE_MODELS_DIR": str(folder / "models"),
        "TRIAGE_ENCODER": "hashing",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "triage", "import", "stackexchange", str(path)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        [*command, "--forum", "made"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.05)
    said = process.stdout.read() if process.stdout is not None else b"{}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{name}: the command ended with {process.returncode}")
    told = json.loads(said)
    kept = ("rows", "created", "updated", "unchanged", "removed", "held_back", "refused")
    return {
        "run": name,
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "peak_mb": round(peak / 1e6),
        **{key: told[key] for key in kept},
    }


def _resident(pid: int) -> int:
    """Return how much memory a process holds; the system remembers the most by itself."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def state_of(folder: Path) -> str:
    """Return a digest of everything in the store."""
    (file,) = (folder / "data").glob("*.db")
    found = hashlib.sha256()
    with sqlite3.connect(file) as connection:
        for line in connection.iterdump():
            found.update(line.encode())
    connection.close()
    return found.hexdigest()


def _show(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Make, read, read again, read a newer one."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--packed", action="store_true", help="as a 7z file")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.questions % 100:
        parser.error("--questions is a multiple of 100")
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder, made = Path(name), Made(options.questions)
        path = write_dump(folder, made, options.packed)
        size = (folder / SITE / "Posts.xml").stat().st_size
        _show({"questions": options.questions, "posts_bytes": size, "packed": options.packed})
        _show(run_import(folder, path, "first"))
        before = state_of(folder)
        again = run_import(folder, path, "again")
        _show({**again, "wrote_nothing": state_of(folder) == before})
        newer = Made(options.questions, newer=True)
        row = run_import(folder, write_dump(folder, newer, options.packed), "newer")
        found = tuple(row[k] for k in ("created", "updated", "unchanged", "removed"))
        _show({**row, "as_expected": found == newer.expected()})


if __name__ == "__main__":
    main()
