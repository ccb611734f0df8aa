"""The files of the widget: made of their parts, named by their content, small, in six languages."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from triage.phrases.sensitive import SENSITIVE
from triage.records import LANGUAGES
from triage.web import widget
from triage.web.widget.composing import compact_style, compose, constant

FOLDER = Path(widget.__file__).parent
# What the issue allows for all that an ask page loads, but for the words of its one language.
MOST_BYTES = 15_000

UPPER = "/** Doc. */\nexport const LIMIT = 3;\nfunction hidden() { return LIMIT; }\n"
LOWER = 'import { LIMIT } from "./upper.js";\n\nexport function twice() { return 2 * LIMIT; }\n'


def test_a_part_stands_after_what_it_imports_and_alone_is_exported() -> None:
    made = compose({"upper.js": UPPER, "lower.js": LOWER}, "lower.js")
    assert made.index("const LIMIT=3;") < made.index("export function twice()")
    assert made.count("export") == 1
    assert "import" not in made
    assert "Doc." not in made


def test_a_part_that_two_import_stands_once() -> None:
    parts = {
        "upper.js": UPPER,
        "lower.js": LOWER,
        "entry.js": 'import { LIMIT } from "./upper.js";\nimport { twice } from "./lower.js";\n'
        "export const all = LIMIT + twice();\n",
    }
    assert compose(parts, "entry.js").count("const LIMIT=3;") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('import { LIMIT } from "./upper.js";\nconst hidden = 1;\n', "both name hidden"),
        ('import { LIMIT } from "./upper.js";\nclass LIMIT {}\n', "both name LIMIT"),
        ('import { hidden } from "./upper.js";\n', "imports hidden, which upper.js has not"),
        ('import { LIMIT as most } from "./upper.js";\n', "LIMIT as most"),
        ('import * as upper from "./upper.js";\n', "import \\* as upper"),
        ("export default 3;\n", "export default"),
        ("const { a } = globalThis;\n", "takes something apart"),
        ('import { x } from "./entry.js";\nexport const x = 1;\n', "in a circle"),
    ],
)
def test_parts_that_cannot_stand_together_are_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        compose({"upper.js": UPPER, "entry.js": text}, "entry.js")


def test_a_part_that_is_missing_is_missed() -> None:
    with pytest.raises(KeyError, match=r"gone\.js"):
        compose({"entry.js": 'import { a } from "./gone.js";\n'}, "entry.js")


def test_what_is_made_of_no_script_is_a_part_like_any_other() -> None:
    style = constant("STYLE", 'a::after { content: "„x“ </script>"; }')
    entry = 'import { STYLE } from "./made/style.js";\nexport const used = STYLE;\n'
    made = compose({"made/style.js": style, "entry.js": entry}, "entry.js")
    assert json.dumps('a::after { content: "„x“ </script>"; }', ensure_ascii=False) in made


def test_a_stylesheet_loses_what_says_nothing_and_nothing_else() -> None:
    css = """/* Why. */
    :host { color: red; margin: 0 auto; }
    .a > .b , .c:not(.d) .e { width: calc(1px + 2px);
      content: "; /* no comment */ ,  "; }
    @media (max-width: 20em) { p { color : blue } }"""
    assert compact_style(css) == (
        ":host{color:red;margin:0 auto}"
        '.a>.b,.c:not(.d) .e{width:calc(1px + 2px);content:"; /* no comment */ ,  "}'
        "@media (max-width:20em){p{color :blue}}"
    )


@pytest.mark.parametrize("name", [widget.SUGGEST, widget.CLIENT])
def test_a_script_is_one_module_that_loads_no_other(name: str) -> None:
    script = widget.widget_file(name).content.decode()
    assert not re.search(
        r"\bimport\s*[({'\"]|\bfrom\s*['\"]|\beval\b|new Function|innerHTML", script
    )
    assert "export function createTriage" in script or name == widget.SUGGEST
    assert "document.cookie" not in script


def test_the_script_with_everything_is_small() -> None:
    assert len(widget.widget_file(widget.SUGGEST).gzipped) <= MOST_BYTES
    client, whole = widget.widget_file(widget.CLIENT), widget.widget_file(widget.SUGGEST)
    assert len(client.content) < len(whole.content)


def test_every_part_says_what_it_is_for_and_what_its_functions_take() -> None:
    for part in sorted(FOLDER.glob("*.js")):
        text = part.read_text(encoding="utf-8")
        assert text.startswith("/**\n"), part.name
        head = text[: text.index("*/")]
        assert "In: " in head, part.name
        assert "Not here: " in head, part.name
        for found in re.finditer(r"^export (?:async )?function (\w+)\(([^)]*)\)", text, re.M):
            doc = text[: found.start()].rstrip().rpartition("/**")[2]
            assert doc.endswith("*/"), f"{part.name} {found[1]}"
            assert "@param" in doc or not found[2], f"{part.name} {found[1]}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_a_language_have_names_for_what_is_sensitive(lang: str) -> None:
    words = json.loads(widget.widget_file(f"words/{lang}.json").content)
    assert all(isinstance(said, str) and said.strip() for said in words.values())
    assert {name: words[f"types.{name}"] for name in SENSITIVE} == {
        name: called[lang] for name, called in SENSITIVE.items()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_script_knows_the_words_of_its_own_day(lang: str) -> None:
    words = widget.widget_file(f"words/{lang}.json")
    digest = base64.b64encode(hashlib.sha256(words.content).digest()).decode()
    script = widget.widget_file(widget.SUGGEST).content.decode()
    assert f'"{lang}":"{digest}"' in script.replace('": "', '":"')
    # At the address that the script makes of it, a browser keeps the file for good.
    assert words.versioned == f"words/{lang}.json?v={digest[:12]}"


def test_an_address_and_an_integrity_are_of_the_content() -> None:
    one, other = (widget.WidgetFile("a.js", text, "text/javascript") for text in (b"1", b"2"))
    assert one.address != other.address
    assert one.address.startswith("/widget/a.js?v=")
    digest = base64.b64encode(hashlib.sha384(b"1").digest()).decode()
    assert one.integrity == f"sha384-{digest}"


def test_the_manifest_names_every_file() -> None:
    told = json.loads(widget.manifest().content)
    assert told.keys() == widget.widget_files().keys()
    for name, row in told.items():
        file = widget.widget_file(name)
        assert row == {
            "url": file.versioned,
            "integrity": file.integrity,
            "bytes": len(file.content),
            "gzipped": len(file.gzipped),
        }


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_two_lines_attach_it_to_a_form() -> None:
    lines = widget.snippet("https://triage.example/", "pk_abc", form='the "form"', lang="sv")
    assert len(lines.splitlines()) == 2
    tags = _Tags()
    tags.feed(lines)
    file = widget.widget_file(widget.SUGGEST)
    assert tags.found == [
        (
            "script",
            {
                "type": "module",
                "src": f"https://triage.example{file.address}",
                "integrity": file.integrity,
                "crossorigin": "anonymous",
            },
        ),
        ("triage-suggest", {"for": 'the "form"', "key": "pk_abc", "lang": "sv"}),
    ]


@pytest.mark.parametrize("key", ["sk_secret", "", 'pk_"><script>'])
def test_only_a_publishable_key_comes_into_a_page(key: str) -> None:
    with pytest.raises(ValueError, match="publishable"):
        widget.snippet("https://triage.example", key)


def test_the_page_of_the_widget_names_what_it_takes_and_how_it_may_look() -> None:
    page = (FOLDER.parents[2] / "docs" / "widget.md").read_text(encoding="utf-8")
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    property_ = re.compile(r"--triage-[a-z-]+")
    assert set(property_.findall(page)) == set(property_.findall(style))
    scripts = "\n".join(part.read_text(encoding="utf-8") for part in FOLDER.glob("*.js"))
    table = page[page.index("## Attributes") : page.index("Properties: ")]
    rows = re.findall(r"^\| (`.*?) \| ", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    read = re.findall(r'(?:told|getAttribute|hasAttribute)\("([a-z-]+)"\)', scripts)
    assert {"for", "key", "base", "consent"} <= set(read) - {"data-thread", "lang"} <= named
    assert "[theme=" in style
    for event in re.findall(r'"(triage-[a-z-]+)"', scripts):
        assert f"`{event}`" in page or event == "triage-suggest", event
