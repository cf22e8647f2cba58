"""Where the pages of a list begin, and the pattern that finds words in any case."""

import pytest

from bot.domain.gallery import Gallery, Wish, prefilter

FIRST = Gallery(id="1", user_id=7, guild_id=None, wish=Wish(), created_at=0)


def test_pages_are_known_as_far_as_they_were_seen() -> None:
    seen = FIRST.going_on(0, "AAAAA").going_on(1, "BBBBB")
    assert [seen.begins_after(page) for page in range(3)] == [None, "AAAAA", "BBBBB"]
    assert [seen.nearest(page) for page in (-1, 0, 2, 9)] == [0, 0, 2, 2]
    assert seen.going_on(0, "CCCCC").trail == ("CCCCC",), (
        "the list has changed above: later pages are found anew"
    )
    assert seen.going_on(1, None).trail == ("AAAAA",)


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        ("Fox", "%fox%"),
        ("100%_!", "%100!%!_!!%"),
        ("狐狸", "%狐狸%"),
        ("Über", "%%ber%"),
        ("straße", "%stra%e%"),
    ],
)
def test_the_pattern_is_of_what_both_databases_agree_on(words: str, pattern: str) -> None:
    assert prefilter(words) == pattern
