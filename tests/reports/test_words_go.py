"""What an ask named goes from its day's columns with the ask, or with its words: no byte stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.outcomes.told import asked, at, gathered
from triage.analytics.filters import read_filters
from triage.analytics.slices import names_of
from triage.analytics.viewing import view_of
from triage.errors import BadField
from triage.outcomes import packing
from triage.outcomes.columns import columns_of
from triage.outcomes.packing import pack, unpack
from triage.privacy.retaining import retain
from triage.reports import fold, forget_gone
from triage.retention import CLASSES, Retention
from triage.store import count_stale
from triage.store.tables.base import asks

from .months import Kept, Row

PRODUCT, ACCOUNT = "ANNAS SECRET MACHINE", "ANNA-AB"
OTHERS = {"product": "Portal", "account": "brio"}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def told(ask: str, days: float = 0.5, **more: object) -> Row:
    row = asked(days, ask, ask, lang="en", **more)
    return {**row, "received_at": at(days)}


def put(kept: Kept) -> None:
    """Keep two asks of one day, Anna's and another, and fold them."""
    kept.put([told("anna", product=PRODUCT, account=ACCOUNT), told("bo", **OTHERS)])
    fold(kept.database, kept.forum_id)


def files_with(kept: Kept, folder: Path, word: str) -> list[str]:
    kept.database.clear_remains()
    files = sorted(folder.glob("triage.db*"))
    return [file.name for file in files if word.encode() in file.read_bytes()]


def named(kept: Kept, now: datetime, part: str, **given: str) -> tuple[str, ...]:
    return names_of(view_of(kept.database, kept.forum_id, read_filters(given), now), part).names


def test_what_is_looked_for_is_there_before(kept: Kept, tmp_path: Path) -> None:
    put(kept)
    for word in (PRODUCT, ACCOUNT):
        assert files_with(kept, tmp_path, word)
    assert named(kept, NOON, "product") == (PRODUCT, "Portal")
    assert named(kept, NOON, "account", product=PRODUCT) == (ACCOUNT, "brio")


def test_an_ask_that_goes_takes_its_words_with_it(kept: Kept, tmp_path: Path) -> None:
    put(kept)
    kept.delete(["anna"])
    with kept.database.write() as c:
        assert forget_gone(c, kept.forum_id) == 1
    for word in (PRODUCT, ACCOUNT):
        assert files_with(kept, tmp_path, word) == []
    for part, other in OTHERS.items():
        assert named(kept, NOON, part) == named(kept, NOON, part, **{part: other}) == (other,)
    with pytest.raises(BadField):
        named(kept, NOON, "account", account=ACCOUNT)


def test_words_that_are_too_old_go_and_the_ask_is_counted_still(kept: Kept, tmp_path: Path) -> None:
    put(kept)
    kept.put([told("new", days=20.5, **OTHERS)])
    now = NOON + timedelta(days=25)
    retain(kept.database, kept.forum_id, Retention({**dict.fromkeys(CLASSES), "asks": 10}), now)
    for word in (PRODUCT, ACCOUNT):
        assert files_with(kept, tmp_path, word) == []
    view = view_of(kept.database, kept.forum_id, read_filters({}), now)
    assert len(view.asks) == 3
    assert names_of(view, "account").names == ("brio",)
    assert names_of(view, "account").code.tolist() == [-1, -1, 0]
    with pytest.raises(BadField):
        named(kept, now, "account", account=ACCOUNT)


def test_columns_of_another_version_keep_nobody_who_goes(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(packing, "VERSION", packing.VERSION - 1)
        put(kept)
    kept.delete(["anna"])
    with kept.database.write() as c:
        forget_gone(c, kept.forum_id)
    for word in (PRODUCT, ACCOUNT):
        assert files_with(kept, tmp_path, word) == []
    assert named(kept, NOON, "product") == ("Portal",)


def test_a_word_that_no_row_has_is_not_packed() -> None:
    rows = [told("a", **OTHERS), told("b", product="Ledger")]
    made = columns_of(gathered(rows).log())
    words = {**made.names, "product": ("A first", "Ledger", "Night", "Portal", "Z")}
    codes = {"product": made.arrays["product"] * 2 + 1}
    found = unpack(pack(replace(made, names=words, arrays={**made.arrays, **codes})))
    assert found.names == made.names
    assert found.arrays["product"].tolist() == made.arrays["product"].tolist()
    assert found.arrays["product"].dtype == made.arrays["product"].dtype


def test_what_only_a_later_call_named_is_nothing_to_choose_by(kept: Kept) -> None:
    later = {**told("bo", days=0.6, product="Ledger", account="acme"), "event_id": "again"}
    kept.put([told("bo", **OTHERS), later])
    assert named(kept, NOON + timedelta(days=1), "product") == ("Portal",)
    with pytest.raises(BadField):
        named(kept, NOON + timedelta(days=1), "account", account="acme")


def test_an_ask_that_turns_out_to_be_made_up_is_folded_anew(kept: Kept) -> None:
    put(kept)
    with kept.database.write() as c:
        c.execute(update(asks).where(asks.c.ask_id == "bo").values(simulated=True))
        assert count_stale(c, kept.forum_id) == 1
    view = view_of(kept.database, kept.forum_id, read_filters({}), NOON)
    assert int(view.asks.simulated.sum()) == 1
