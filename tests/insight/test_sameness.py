from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.insight.made import forum, item, sameness
from triage.errors import BadFile
from triage.insight import load_sameness, same_meaning, save_sameness, shipped_sameness
from triage.insight.sameness import Crowd, Surroundings


def test_a_language_makes_no_two_texts_alike() -> None:
    space = sameness()
    one, other = item("a", "printing", "sv"), item("b", "cannot sign in", "sv")
    assert float(one.vector @ other.vector) > 0.15  # the language alone
    a, b = space.place(np.stack([one.vector, other.vector]), ["sv", "sv"])
    assert float(a @ b) < float(one.vector @ other.vector) - 0.1


def test_the_same_in_two_languages_is_likelier_than_two_things_in_one() -> None:
    a, b = item("a", "printing", "sv"), item("b", "printing", "fi")
    c = item("c", "cannot sign in", "sv")
    same = same_meaning(a.vector, a.lang, b.vector, b.lang, sameness())
    assert same > 0.5 > same_meaning(a.vector, a.lang, c.vector, c.lang, sameness())


def test_a_similarity_counts_less_where_it_is_crowded() -> None:
    crowded = [item(f"c{n}", "crowded", at=float(n)) for n in range(30)]
    crowd = Crowd([*crowded, item("x", "alone"), item("y", "alone")], sameness())
    every = np.arange(32)
    scaled = crowd.scaled(every, every)
    assert scaled[30, 31] > scaled[0, 1] + 0.1


def test_who_lies_apart_is_not_thereby_nearer_to_anybody() -> None:
    crowd = Crowd(forum(40, 3), sameness())
    assert crowd.around.min() >= np.float32(sameness().typical)


def test_who_has_a_translation_is_less_near_to_others_of_its_own_language() -> None:
    others = forum(40, 2)
    pair = [item("a", "printing", "sv"), item("b", "printing", "sv")]
    seen = Surroundings(first=3, last=10, elsewhere=1)
    space = replace(sameness(), surroundings=seen)
    alone = Crowd([*others, *pair], space)
    among = Crowd([*others, *pair, item("c", "printing", "en")], space)
    two = np.array([len(others), len(others) + 1])
    assert among.scaled(two, two)[0, 1] < alone.scaled(two, two)[0, 1] - 0.1
    # Its translation itself counts as before.
    assert among.around[two[0], among.langs.index("en")] < 0.3


def test_a_language_alone_knows_no_translations() -> None:
    items = [each for each in forum(30, 3) if each.lang == "en"]
    with_, without = (
        Crowd(items, replace(sameness(), surroundings=Surroundings(elsewhere=count)))
        for count in (2, 0)
    )
    assert np.array_equal(with_.around, without.around)


def test_the_surroundings_of_some_are_those_that_they_have_among_all() -> None:
    crowd = Crowd(forum(30, 4), sameness())
    some = np.array([3, 50, 117])
    assert np.allclose(crowd.around_some(some), crowd.around[some], atol=1e-6)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    save_sameness(sameness(), tmp_path / "s.json")
    read = load_sameness(tmp_path / "s.json")
    assert (read.bar, read.alone, read.typical) == (0.3, sameness().alone, 0.1)
    assert read.surroundings == sameness().surroundings
    assert np.allclose(read.means["fi"], sameness().means["fi"], atol=1e-5)


@pytest.mark.parametrize("text", ["", "{}", '{"bar": true}', "[]"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(BadFile):
        load_sameness(path)


def test_neighbours_that_are_not_in_order_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    save_sameness(replace(sameness(), surroundings=Surroundings(first=9, last=3)), path)
    with pytest.raises(BadFile):
        load_sameness(path)


def test_the_shipped_one_knows_all_six_languages() -> None:
    shipped = shipped_sameness()
    assert set(shipped.means) == {"en", "sv", "nb", "da", "fi", "de"}
    assert 0 < shipped.bar < shipped.alone.even < 1
    assert "six-languages" in shipped.encoder_id
