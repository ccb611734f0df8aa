"""The widget: scripts, styles and words as they are written -> the files that browsers load.

In: nothing. Out: files with their digests: one script with the element, one with the client alone,
the words of each language, and the two lines of HTML that put the widget into a page.
Not here: addresses and headers (api), what the scripts do (each of them), pages (the rest of web).
"""

import base64
import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from importlib.resources import files

from triage.phrases.sensitive import SENSITIVE
from triage.records import LANGUAGES
from triage.web.widget.composing import compact_style, compose, constant

SUGGEST, CLIENT = "triage-suggest.js", "triage-client.js"
FOLDER = "/widget"
_ENTRIES = {SUGGEST: "element.js", CLIENT: "client.js"}
_PUBLISHABLE = re.compile(r"pk_[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class WidgetFile:
    """A file of the widget; `name` is its place below the widget's address."""

    name: str
    content: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """What changes with the content, for its address: where its SHA-256 begins."""
        return _hash("sha256", self.content)[:12]

    @cached_property
    def integrity(self) -> str:
        """What a page names so that its browser runs these very bytes or none."""
        return _integrity("sha384", self.content)

    @cached_property
    def gzipped(self) -> bytes:
        """The same, as most browsers take it."""
        return gzip.compress(self.content, 9, mtime=0)

    @property
    def versioned(self) -> str:
        """The name with the digest: at this address it never changes."""
        return f"{self.name}?v={self.digest}"

    @property
    def address(self) -> str:
        """The path at the service, which changes with the content."""
        return f"{FOLDER}/{self.versioned}"


@cache
def widget_files() -> Mapping[str, WidgetFile]:
    """Return every file by its name. Raises ValueError for parts that cannot stand together."""
    words = {f"words/{lang}.json": _words(lang) for lang in LANGUAGES}
    parts = _parts(words)
    scripts = {
        name: WidgetFile(name, compose(parts, entry).encode(), "text/javascript")
        for name, entry in _ENTRIES.items()
    }
    return {**scripts, **words}


def widget_file(name: str) -> WidgetFile:
    """Return a file. Raises KeyError for a name that none has."""
    return widget_files()[name]


@cache
def manifest() -> WidgetFile:
    """Return what every other file is called, with its integrity and its size in bytes."""
    told = {
        name: {
            "url": file.versioned,
            "integrity": file.integrity,
            "bytes": len(file.content),
            "gzipped": len(file.gzipped),
        }
        for name, file in widget_files().items()
    }
    return _json("manifest.json", told)


def is_publishable(key: str) -> bool:
    """Say whether a key is of the kind that everybody may read, and can stand in a page."""
    return _PUBLISHABLE.fullmatch(key) is not None


def snippet(base: str, key: str, *, form: str = "ask-form", lang: str | None = None) -> str:
    """Return the two lines of HTML that attach the widget to a form.

    `base` is the address of the service. Raises ValueError for a key that is no publishable one.
    """
    if not is_publishable(key):
        raise ValueError("only a publishable key (pk_…) may stand in a page")
    file = widget_file(SUGGEST)
    source = escape(base.rstrip("/") + file.address)
    spoken = f' lang="{escape(lang)}"' if lang else ""
    return (
        f'<script type="module" src="{source}" integrity="{file.integrity}"'
        ' crossorigin="anonymous"></script>\n'
        f'<triage-suggest for="{escape(form)}" key="{key}"{spoken}></triage-suggest>\n'
    )


def _parts(words: Mapping[str, WidgetFile]) -> dict[str, str]:
    """Return the modules that are written, and those that are made of what is no script."""
    folder = files("triage.web.widget")
    parts = {
        path.name: path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.name.endswith(".js")
    }
    style = compact_style((folder / "style.css").read_text(encoding="utf-8"))
    known = {
        file.name.removeprefix("words/").removesuffix(".json"): _hash("sha256", file.content)
        for file in words.values()
    }
    return {
        **parts,
        "made/style.js": constant("STYLE", style),
        "made/words.js": constant("WORD_FILES", known),
    }


def _words(lang: str) -> WidgetFile:
    text = (files("triage.web.widget") / "words" / f"{lang}.toml").read_text(encoding="utf-8")
    said = {
        f"{section}.{name}": one
        for section, names in tomllib.loads(text).items()
        for name, one in names.items()
    }
    # What is sensitive has one name, in replies and here.
    types = {f"types.{name}": called[lang] for name, called in SENSITIVE.items()}
    return _json(f"words/{lang}.json", {**said, **types})


def _json(name: str, value: object) -> WidgetFile:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return WidgetFile(name, text.encode(), "application/json")


def _integrity(algorithm: str, content: bytes) -> str:
    return f"{algorithm}-{_hash(algorithm, content)}"


def _hash(algorithm: str, content: bytes) -> str:
    return base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
