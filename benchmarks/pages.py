"""Pages of docs/ whose middle a benchmark writes: what stands between the markers is renewed."""

from pathlib import Path

_BEGIN, _END = "<!-- table: begin -->", "<!-- table: end -->"


def renew(page: Path, text: str) -> None:
    """Put text between the page's markers; all else stays as people wrote it."""
    written = page.read_text(encoding="utf-8")
    before, after = written.split(_BEGIN)[0], written.split(_END)[1]
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")
