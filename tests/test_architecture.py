"""The house rules: who may import whom, and one home for every outside library."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "triage"
BUILD = ROOT / "encoder_build"

# Lower numbers know nothing of higher ones; rooms of one floor never import each other, but for
# the foundations (floor 0 and 1) and the pairs named below.
FLOORS = {
    "errors": 0,
    "records": 0,
    "assigning": 1,
    "case_marks": 1,
    "costs": 1,
    "crypto": 1,
    "forgotten": 1,
    "languages": 1,
    "mailing": 1,
    "orders": 1,
    "origins": 1,
    "outbound": 1,
    "phrases": 1,
    "policy": 1,
    "redaction": 1,
    "retention": 1,
    "settings": 1,
    "streams": 1,
    "versions": 1,
    "adapt": 2,
    "classify": 2,
    "connect": 2,
    "decide": 2,
    "encode": 2,
    "insight": 2,
    "lifecycle": 2,
    "outcomes": 2,
    "rank": 2,
    "retrieve": 2,
    "store": 2,
    "text": 2,
    "web": 2,
    "audit": 3,
    "channels": 3,
    "embedding": 3,
    "forum_redaction": 3,
    "held": 3,
    "jobs": 3,
    "kept": 3,
    "originals": 3,
    "profiles": 3,
    "typed": 3,
    "snapshots": 3,
    "visitors": 3,
    "bundle": 4,
    "delivering": 4,
    "encoders": 4,
    "knowledge": 4,
    "measuring": 4,
    "nearest": 4,
    "notifications": 4,
    "pipeline": 4,
    "policies": 4,
    "reports": 4,
    "review": 4,
    "taxonomy": 4,
    "analytics": 5,
    "answers": 5,
    "bench": 5,
    "canaries": 5,
    "discount": 5,
    "explanation": 5,
    "keeping": 5,
    "privacy": 5,
    "registry": 5,
    "watching": 5,
    "intake": 6,
    "overseeing": 6,
    "questions": 6,
    "affected": 7,
    "filing": 7,
    "reviewing": 7,
    "importing": 7,
    "demo": 8,
    "desk": 8,
    "api": 9,
    "learn": 9,
    "cli": 10,
    "__main__": 11,
}

# Only the doors read settings; rooms are given values.
READ_SETTINGS = {"api", "cli"}

HOMES = {
    "aiohttp": ("triage/connect/outgoing/client.py",),
    "argon2": ("triage/crypto/passwords.py",),
    "authlib": ("triage/api/pages/company.py",),
    "httpx2": ("triage/api/pages/company.py",),
    "jinja2": ("triage/web/rendering.py",),
    "markupsafe": ("triage/web/rendering.py",),
    "alembic": ("triage/store/",),
    "cleanlab": ("triage/learn/heads/doubts.py",),
    "click": ("triage/cli/", "serve.py"),
    "cryptography": ("triage/crypto/sealing.py",),
    "faiss": ("triage/retrieve/dense.py",),
    "fastapi": ("triage/api/", "serve.py"),
    "fastapi_offline": ("triage/api/",),
    "huggingface_hub": ("triage/encode/transformer.py",),
    # Opening pickles belongs to bundle; fitting only borrows its parallel loop.
    "joblib": ("triage/bundle/parts.py", "triage/learn/heads/parts.py"),
    "joserfc": ("triage/visitors.py", "triage/api/pages/company.py"),
    "limits": ("triage/api/rates.py",),
    "lingua": ("triage/text/language.py",),
    "lxml": ("triage/connect/markup.py",),
    "onnxruntime": ("triage/encode/tower.py",),
    "orjson": ("triage/connect/events.py", "triage/store/past.py"),
    "packaging": ("triage/versions.py",),
    "phonenumbers": ("triage/text/",),
    "py7zr": ("triage/connect/stackexchange/archive.py",),
    "pyarrow": ("triage/reports/parquet.py",),
    "pydantic": ("triage/api/", "triage/settings/"),
    "pydantic_settings": ("triage/settings/named.py",),
    "rjsmin": ("triage/web/widget/composing.py",),
    "scipy": ("triage/classify/", "triage/insight/", "triage/learn/", "triage/outcomes/"),
    "sentence_transformers": ("triage/encode/transformer.py",),
    "sklearn": ("triage/classify/", "triage/learn/"),
    "sqlalchemy": ("triage/store/",),
    "starlette": ("triage/api/",),
    "stdnum": ("triage/text/",),
    "tantivy": ("triage/retrieve/lexical.py",),
    "threadpoolctl": ("triage/learn/heads/side_by_side.py",),
    "tokenizers": ("triage/encode/tower.py",),
    "torch": ("triage/encode/transformer.py",),
    "transformers": ("triage/encode/transformer.py",),
    "uvicorn": ("serve.py",),
    "zxcvbn": ("triage/crypto/passwords.py",),
}

# Used everywhere: arrays are the common tongue of the numeric rooms.
EVERYWHERE = {"numpy"}

LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def sources() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))
    yield ROOT / "train.py"
    yield ROOT / "serve.py"


def all_sources() -> Iterator[Path]:
    yield from sources()
    yield from sorted(BUILD.rglob("*.py"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return a file's syntax, the whole of it first: read once, for all that is asked of it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every imported module with its line, also those inside functions."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            module = node.module or ""
            if module == "triage":
                yield from ((f"triage.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield module, node.lineno


def imported(files: Iterable[Path]) -> Iterator[tuple[Path, str, int]]:
    """Yield what each of several files imports, with the file."""
    yield from ((path, *found) for path in files for found in imports(path))


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms(paths: Iterable[Path]) -> list[Any]:
    """Return the files room by room: what is asked of thousands of files is asked once a room."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        inside = path.is_relative_to(PACKAGE)
        found.setdefault(room_of(path) if inside else named(path.parent), []).append(path)
    return [pytest.param(files, id=name) for name, files in sorted(found.items())]


def test_every_room_has_a_floor() -> None:
    found = {room_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert found == set(FLOORS)


@pytest.mark.parametrize("files", rooms(PACKAGE.rglob("*.py")))
def test_imports_look_down_only(files: Sequence[Path]) -> None:
    here = room_of(files[0])
    if here == "__init__":
        return
    for path, module, line in imported(files):
        if not module.startswith("triage"):
            continue
        there = room(module)
        if there == here:
            continue
        where = f"{named(path)}:{line} imports {module}"
        assert FLOORS[there] <= FLOORS[here], f"{where}, which is upstairs"
        assert FLOORS[there] != FLOORS[here] or FLOORS[here] <= 1, f"{where}, its neighbour"
        if there == "settings":
            assert here in READ_SETTINGS, f"{where}: rooms are given values"


@pytest.mark.parametrize("files", rooms(sources()))
def test_every_outside_library_has_one_home(files: Sequence[Path]) -> None:
    import sys

    for path, module, line in imported(files):
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or top == "triage" or top in EVERYWHERE:
            continue
        where = f"{named(path)}:{line} imports {top}"
        assert top in HOMES, f"{where}, which has no home in HOMES"
        assert named(path).startswith(HOMES[top]), f"{where}, whose home is {HOMES[top]}"


@pytest.mark.parametrize("files", rooms(sources()))
def test_serving_knows_nothing_of_how_the_encoder_is_made(files: Sequence[Path]) -> None:
    for path, module, line in imported(files):
        where = f"{named(path)}:{line} imports {module}"
        assert module.split(".")[0] != BUILD.name, f"{where}, which is for the build alone"


@pytest.mark.parametrize("files", rooms(sources()))
def test_the_environment_is_read_in_settings_alone(files: Sequence[Path]) -> None:
    # The setters only set what a library reads.
    setters = {"triage/encode/tower.py", "triage/encode/transformer.py"}
    others = [f for f in files if named(f) not in {"triage/settings/__init__.py", *setters}]
    for path, node in ((p, node) for p in others for node in nodes(p)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            pytest.fail(f"{named(path)}:{node.lineno} reads the environment")


@pytest.mark.parametrize("files", rooms(all_sources()))
def test_files_and_functions_stay_small(files: Sequence[Path]) -> None:
    for path in files:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE, named(path)
    for path, node in ((p, node) for p in files for node in nodes(p)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = (
                node.body[1].lineno if ast.get_docstring(node) and node.body[1:] else node.lineno
            )
            length = (node.end_lineno or start) - start + 1
            assert length <= LONGEST_FUNCTION, f"{named(path)}:{node.lineno} {node.name} {length}"


@pytest.mark.parametrize("files", rooms(all_sources()))
def test_every_room_says_what_it_is_for(files: Sequence[Path]) -> None:
    for path in files:
        whole = nodes(path)[0]
        assert isinstance(whole, ast.Module)
        assert ast.get_docstring(whole), named(path)


def test_the_picture_shows_every_room_on_its_floor() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = page.split("```text\n", 2)[1].split("```")[0]
    shown: dict[str, int] = {}
    floor = None
    for line in picture.splitlines()[1:]:
        if (found := re.match(r" *(\d+) +(.*)", line)) is not None:
            floor, line = int(found[1]), found[2]
        if floor is not None and not line.lstrip().startswith("│"):
            shown |= dict.fromkeys(line.split(), floor)
    assert shown == FLOORS
