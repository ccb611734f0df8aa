"""docs/lifecycle.md holds the table that the code has."""

from pathlib import Path

from triage.lifecycle import RULES, Need, State, Who

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
SHORT = {
    Need.ANSWER: "answer",
    Need.REASON: "reason",
    Need.ASKED: "asked",
    Need.OWNER: "owner",
    Need.SHAREABLE: "shareable",
    Need.BEFORE_COMMUNITY: "stood there",
    Need.FOR_COMMUNITY: "from there",
    Need.FOR_EXPERT: "from there",
}


def rules_as_table() -> str:
    """Return the table of allowed changes as the document has it."""
    lines = [f"| from | {' | '.join(Who)} |", "| --- " * 5 + "|"]
    for before, afters in RULES.items():
        cells = []
        for who in Who:
            steps = [
                f"`{after}`"
                + (f" ({', '.join(SHORT[n] for n in actors[who])})" * bool(actors[who]))
                for after, actors in sorted(
                    afters.items(), key=lambda one: list(State).index(one[0])
                )
                if who in actors
            ]
            cells.append(", ".join(steps) or "-")
        lines.append(f"| `{before}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def test_the_page_has_the_table_of_changes() -> None:
    assert rules_as_table() in PAGE.read_text(encoding="utf-8"), rules_as_table()


def test_the_page_names_every_state() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{state}` |" in text for state in State)
