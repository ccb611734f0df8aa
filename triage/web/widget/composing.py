"""Modules as they are written -> one module as a browser gets it, and the same of a stylesheet.

In: the parts by name, and the one that is entered. Out: all that it imports, before it, in one
scope; only what the entered part exports is exported. Nothing is renamed, so a name may be given
once in all parts.
Not here: which files there are (widget), what they do.
"""

import json
import re
from collections.abc import Mapping

import rjsmin

_IMPORT = re.compile(r'^import \{([\w\s$,]*)\} from "\./([\w/.-]+)";\n', re.MULTILINE)
_OTHER_IMPORT = re.compile(r"^(?:import\b(?!\.)|export (?:\{|\*|default\b)).*", re.MULTILINE)
_NAMED = re.compile(
    r"^(export )?(?:async function\*?|function\*?|class|const|let|var) ([\w$]+|[{\[])",
    re.MULTILINE,
)
# What says nothing before a bracket that closes; no string goes over the end of a line.
_BEFORE_CLOSING = re.compile(r"(?:,(?=\n\s*[)\]}])|;(?=\n\s*}))")
# Strings are as they are; of everything else only what tells words apart.
_OF_CSS = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/\n*|\s*([{};,>])\s*|(:)\s+|(\s+)""",
    re.DOTALL,
)


def compose(parts: Mapping[str, str], entry: str) -> str:
    """Return one module of a part and of all that it imports.

    Raises ValueError for parts that cannot stand together, KeyError for one that is missing.
    """
    ordered: list[str] = []
    _visit(parts, entry, ordered, ())
    homes: dict[str, str] = {}
    for name in ordered:
        for _, given in _NAMED.findall(parts[name]):
            if given in "{[":
                raise ValueError(f"{name} takes something apart at its top; name it first")
            if given in homes:
                raise ValueError(f"{name} and {homes[given]} both name {given}")
            homes[given] = name
    texts = [_inner(parts[name], exported=name == entry) for name in ordered]
    return str(rjsmin.jsmin(_BEFORE_CLOSING.sub("", "\n".join(texts)))) + "\n"


def constant(name: str, value: object) -> str:
    """Return a module that exports one value."""
    return f"export const {name} = {json.dumps(value, ensure_ascii=False)};\n"


def compact_style(css: str) -> str:
    """Return a stylesheet without comments and without blanks that say nothing."""
    return _OF_CSS.sub(_said, css).replace(";}", "}").strip()


def _visit(parts: Mapping[str, str], name: str, ordered: list[str], above: tuple[str, ...]) -> None:
    if name in ordered:
        return
    if name in above:
        raise ValueError(f"{' -> '.join((*above, name))}: parts import each other in a circle")
    for wanted, part in _IMPORT.findall(parts[name]):
        _visit(parts, part, ordered, (*above, name))
        exported = {given for public, given in _NAMED.findall(parts[part]) if public}
        lacking = {one.strip() for one in wanted.split(",") if one.strip()} - exported
        if lacking:
            raise ValueError(f"{name} imports {', '.join(sorted(lacking))}, which {part} has not")
    ordered.append(name)


def _inner(text: str, *, exported: bool) -> str:
    bare = _IMPORT.sub("", text)
    other = _OTHER_IMPORT.search(bare)
    if other is not None:
        raise ValueError(f'`{other[0]}`: write `import {{ a }} from "./part.js";` and `export`')
    return bare if exported else re.sub(r"^export ", "", bare, flags=re.MULTILINE)


def _said(found: re.Match[str]) -> str:
    string, mark, colon, blank = found.groups()
    return string or mark or colon or (" " if blank else "")
