"""HTML as forums keep it, read as text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.connect.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p>\n\n<p>Two\nlines.</p>", "One.\n\nTwo lines."),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>5 &lt; 6 &amp;&amp; x</p>", "5 < 6 && x"),
        ("if a < b then c", "if a < b then c"),
        ("<p>Press <kbd>F5</kbd> <strong>twice</strong>.</p>", "Press F5 twice."),
        ("<p>Set <code>page_size</code>.</p>", "Set `page_size`."),
        ("<h2>Why</h2><p>Because.</p><hr><p>So.</p>", "Why\n\nBecause.\n\nSo."),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li><p>one</p></li><li><p>two</p></li></ol>", "1. one\n2. two"),
        ("<blockquote><p>said</p></blockquote><p>ours</p>", "> said\n\nours"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n1 | 2",
        ),
        ('<p><img src="x.png" alt="the dialog"></p>', "the dialog"),
        ("before<script>x()</script> after<!-- no -->", "before after"),
        ("<p>never closed", "never closed"),
        ("</ul></blockquote></pre>alone", "alone"),
        ("", ""),
    ],
)
def test_what_a_reader_sees_is_kept(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_a_code_block_keeps_its_lines_and_spaces_between_fences() -> None:
    code = "for a in b:\n    if a &lt; 3:\n\n        c()\n"
    markup = f'<p>Run:</p><pre class="x"><code>{code}</code></pre>'
    assert text_of(markup + "<p>Why?</p>") == (
        "Run:\n\n```\nfor a in b:\n    if a < 3:\n\n        c()\n```\n\nWhy?"
    )


def test_tags_that_are_spelled_out_in_code_stay_text() -> None:
    assert text_of("<pre><code>&lt;p&gt;x&lt;/p&gt;</code></pre>") == "```\n<p>x</p>\n```"


def test_a_link_says_where_it_leads_unless_its_words_do() -> None:
    assert text_of('<a href="https://a.test/b?c=1&amp;d">here</a>') == (
        "here (https://a.test/b?c=1&d)"
    )
    assert text_of('<a href="https://a.test/b">https://a.test/b</a>') == "https://a.test/b"
    assert text_of('<a href="https://a.test/b" rel="x">a.test/b</a>') == "a.test/b"
    assert text_of('<a href="javascript:x()">click</a>') == "click"
    assert text_of('<a href="/questions/1">inside</a>') == "inside"


def test_elements_can_be_left_out_with_all_that_is_in_them() -> None:
    markup = "<p>a</p><aside><p>b</p><aside>c</aside>d</aside><p>e</p>"
    assert text_of(markup, frozenset({"aside"})) == "a\n\ne"
    assert text_of(markup) != text_of(markup, frozenset({"aside"}))


@given(st.text(alphabet="<>/abp \n&;\"'=!-", max_size=300))
def test_whatever_it_is_given_it_returns_a_text(markup: str) -> None:
    assert isinstance(text_of(markup), str)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<ul>",
        "<ul><li>",
        "<blockquote>x",
        '<a href="',
        "<pre>",
        "<td>",
        "<table><td>",
        "<div>",
        "</i>",
        "<b></i>",
        "<p><b></i>x</p>",
        "<script></scrip",
        "<?",
        "<!",
        "<a x=1 ",
        "&",
        "<p",
        "]]>",
    ],
)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        text_of(piece * times)
        return time.process_time() - began

    small = max(min(seconds(2_000) for _ in range(3)), 0.0005)
    # Ten times as much may take ten times as long; a hundred times would be a square.
    assert min(seconds(20_000) for _ in range(2)) < 40 * small


@pytest.mark.parametrize("digits", [4_000, 5_000])
def test_a_number_too_long_for_any_character_is_none(digits: int) -> None:
    assert text_of(f"<p>a&#{'1' * digits};b &#x{'f' * digits};</p>").startswith("a\ufffdb")


def test_an_attribute_may_hold_what_looks_like_the_end_of_a_tag() -> None:
    assert text_of('<p title="a > b">said</p>') == "said"
    assert text_of("<a href=https://a.test/b>here</a>") == "here (https://a.test/b)"


def test_what_is_nested_deeper_than_anybody_writes_ends_the_text_and_is_no_work() -> None:
    began = time.process_time()
    assert text_of("<p>read</p>" + "<b>" * 100_000 + "</i>" * 100_000 + "lost") == "read"
    assert time.process_time() - began < 2
    assert text_of("<div>" * 900 + "deep" + "</div>" * 900 + "<p>after") == "deep\n\nafter"


def test_half_a_character_and_none_at_all_are_no_reason_to_stop() -> None:
    assert text_of("a\ud800b\x00c <meta charset=utf-16>d\xe9") == "a?bc d\xe9"


def test_long_texts_are_whole_wherever_they_are_cut_for_the_parser() -> None:
    words = "\xe9\u20ac\U0001f600" * 20_000
    assert text_of(f"<p>{words}</p><p>&lt;end&gt;</p>") == f"{words}\n\n<end>"
