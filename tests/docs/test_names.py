"""Files, links, settings, problems and addresses that the pages name are there."""

import re
from fnmatch import fnmatch

import pytest

from triage.api.problems import PROBLEMS
from triage.settings import Settings

from .calls import routes_at
from .pages import ROOT, anchors, current_pages, links, pages, prose, read_page, spans

_SETTING = re.compile(r"\bTRIAGE_[A-Z_]+\b")
_SUFFIX = r"\.(?:py|md|json|jsonl|toml|csv|txt|html|js|css)"
_FOLDER = r"(?:triage|tests|benchmarks|docs|data|models|encoder_build)/"
_FILE = re.compile(rf"^[\w.-][\w./*-]*{_SUFFIX}$|^{_FOLDER}[\w./*-]*$")
_PROBLEM = re.compile(r"\b([45]\d\d) `([a-z_]+)`")
_ADDRESS = re.compile(r"^(?:(GET|POST|PUT|DELETE) )?(/v1/[\w/{}$.-]*)(?:\?\S*)?$")
# What is made when it is needed, or named as an example of what others have.
_MADE = ("data/local", "models/")
_EXAMPLES = frozenset(
    {"threads.jsonl", "cases.csv", "before.csv", "threads.csv", "old-tickets.csv"}
    | {"old-tickets.toml", "tickets.jsonl"}
)


def _files() -> frozenset[str]:
    """Return every path of the repository, and every end of one, also of folders."""
    folders = (
        "triage",
        "tests",
        "benchmarks",
        "docs",
        "data",
        "models",
        "encoder_build",
        "discourse",
    )
    found = [p for folder in folders for p in (ROOT / folder).rglob("*")] + [*ROOT.glob("*")]
    whole = [p.relative_to(ROOT).parts for p in found]
    return frozenset("/".join(parts[n:]) for parts in whole for n in range(len(parts)))


def _written() -> str:
    """Return the source, which names the files that are written and served."""
    return "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "triage").rglob("*.py"))


FILES = _files()
SOURCE = _written()


@pytest.mark.parametrize("page", pages())
def test_every_link_leads_somewhere(page: str) -> None:
    for link in links(page):
        where, _, anchor = link.text.partition("#")
        if where.startswith(("http://", "https://", "mailto:")):
            continue
        path = (ROOT / page).parent / where if where else ROOT / page
        assert path.exists(), f"{link}: {link.text}"
        if anchor and path.suffix == ".md":
            there = anchors(path.resolve().relative_to(ROOT).as_posix())
            assert anchor in there, f"{link}: {link.text}"


@pytest.mark.parametrize("page", [page for page in pages() if page != "CHANGELOG.md"])
def test_every_setting_is_one(page: str) -> None:
    known = {f"TRIAGE_{name.upper()}" for name in Settings.model_fields}
    for name in _SETTING.findall(read_page(page)):
        assert name in known, f"{page}: {name}"


@pytest.mark.parametrize("page", current_pages())
def test_every_file_is_there(page: str) -> None:
    for span in spans(page):
        name = span.text.rstrip("/")
        if _FILE.match(span.text) and not span.text.startswith(_MADE) and name not in _EXAMPLES:
            pattern = re.sub(r"[A-Z]{2,}|\*", "*", name)  # NAME stands for any
            there = name in FILES or any(fnmatch(one, pattern) for one in FILES)
            assert there or f'{name}"' in SOURCE, f"{span}: {name}"


@pytest.mark.parametrize("page", current_pages())
def test_every_problem_has_the_status_that_is_said(page: str) -> None:
    for status, code in _PROBLEM.findall(prose(page)):
        assert code in PROBLEMS, f"{page}: {status} {code}"
        assert PROBLEMS[code].status == int(status), f"{page}: {status} {code}"


@pytest.mark.parametrize("page", current_pages())
def test_every_address_is_served(page: str) -> None:
    for span in spans(page):
        if found := _ADDRESS.match(span.text):
            methods = [method for method, _ in routes_at(found[2])]
            assert methods, f"{span}: {span.text}"
            assert found[1] in (None, *methods), f"{span}: {span.text}"
