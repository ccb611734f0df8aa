"""A bundle says nothing of what anybody wrote: it leaves the house with its model alone."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import SmallForum, cases, small_forum
from triage.records import Case

# Each of these was written by one person, however often, or by two.
RARE = {
    "Bjoernstjerne": ["ola"] * 4,
    "quartzberg": ["ola"] * 6,
    "vintermörker": ["ola", "kari"] * 3,
    "hemlighetsfull": ["kari", "ola", "kari"],
    "xk77210": ["per"] * 3,
}
SENTENCES = (
    "Please call Bjoernstjerne about the quartzberg contract before noon",
    "Vi har haft vintermörker här sedan lunch och ingen svarar",
)


def private_cases() -> list[Case]:
    """Cases that can be learnt from, some of which hold what must not be found again."""
    plain = [
        replace(case, person=f"person-{i % 12}", created=datetime(2026, 1, 1 + i % 28, tzinfo=UTC))
        for i, case in enumerate(cases(60))
    ]
    words = [(word, person) for word, persons in RARE.items() for person in persons]
    said = [
        replace(plain[i], id=f"rare-{i}", body=f"The {word} is gone", person=person, group=None)
        for i, (word, person) in enumerate(words)
    ]
    told = [
        replace(plain[i], id=f"told-{i}", body=SENTENCES[i % 2], person="ola", group=None)
        for i in range(6)
    ]
    return [*plain, *said, *told]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file's bytes, as they are and with what packs them taken off."""
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        yield path.name, raw
        if path.suffix == ".joblib":
            yield path.name, zlib.decompress(raw)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield from ((f"{path.name}/{n}", packed.read(n)) for n in packed.namelist())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with small_forum(tmp_path_factory.mktemp("private")) as small:
        yield learn(small)


def learn(small: SmallForum) -> Path:
    small.put_cases(private_cases())
    trained = small.train()
    assert trained.written is not None
    return small.models_dir / "demo" / trained.written.version


def test_the_search_would_find_a_word_that_many_wrote(folder: Path) -> None:
    found = {name for name, content in contents(folder) if b"template" in content.lower()}
    assert "classifier.joblib" in found


@pytest.mark.parametrize("word", RARE)
def test_no_word_of_fewer_than_three_persons_is_in_a_bundle(folder: Path, word: str) -> None:
    written = {w.encode(code) for w in (word, word.lower()) for code in ("utf-8", "utf-16-le")}
    found = {name for name, content in contents(folder) if any(w in content for w in written)}
    assert not found


def test_no_sentence_id_or_person_is_in_a_bundle(folder: Path) -> None:
    said = {t for case in private_cases() for t in (case.title, case.body) if len(t) > 20}
    named = {part for case in private_cases() for part in (case.id, case.person or "")}
    named = {part for part in named if "-" in part}
    written = [text.encode() for text in said | named]
    found = {name for name, content in contents(folder) if any(w in content for w in written)}
    assert not found
