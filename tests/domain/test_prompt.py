import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt import clean_prompt, shorten, slug, visible_length


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  a  fox \n in\tsnow ", "a fox in snow", id="white space folds"),
        pytest.param("a\u202efox\u202c", "afox", id="right-to-left override goes"),
        pytest.param("a\u200bfox\ufeff", "afox", id="zero-width space goes"),
        pytest.param("a\x00\x07fox", "afox", id="control characters go"),
        pytest.param("cafe\u0301", "café", id="composed"),
        pytest.param("👩\u200d🚀 on Mars", "👩\u200d🚀 on Mars", id="joined emoji stay whole"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian joiner stays"),
        pytest.param("雪の中の狐", "雪の中の狐", id="Japanese"),
        pytest.param("@everyone **look**", "@everyone **look**", id="mentions and markdown are only words"),
    ],
)
def test_a_prompt_is_kept_without_hidden_marks(typed: str, kept: str) -> None:
    assert clean_prompt(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200e", "\n\t", "\u200d", "\x00"])
def test_a_prompt_of_nothing_visible_is_empty(typed: str) -> None:
    assert visible_length(clean_prompt(typed)) == 0


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_prompt(text)
    assert clean_prompt(once) == once


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_a_short_text_stays_as_it_is() -> None:
    assert shorten("fox", 3) == "fox"
    assert shorten("a fox in deep snow", 11) == "a fox in…"


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A lighthouse in a storm, slow dolly", "lighthouse-storm-slow"),
        ("雪の中の狐", "video"),
        ("../../etc/passwd", "etc-passwd"),
        ("Café au lait!", "cafe-au-lait"),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_file_name_is_made_of_plain_letters(prompt: str, name: str) -> None:
    assert slug(prompt) == name


@given(st.text())
def test_a_file_name_never_holds_anything_else(prompt: str) -> None:
    assert set(slug(prompt)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
