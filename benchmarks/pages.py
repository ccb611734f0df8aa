"""Pages of docs/ whose parts a benchmark writes: what stands between two markers is renewed."""

from pathlib import Path


def renew(page: Path, text: str, part: str = "table") -> None:
    """Put text between the page's markers of a part; all else stays as people wrote it."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    written = page.read_text(encoding="utf-8")
    before, after = written.split(begin)[0], written.split(end)[1]
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
