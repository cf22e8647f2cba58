"""What many people write about, in English and Chinese."""

from bot.domain.themes import Theme, frequent_words
from bot.domain.trends import Remark


def said(*texts: str) -> list[Remark]:
    """Let everybody say one thing."""
    return [Remark(user_id=number, text=text) for number, text in enumerate(texts)]


def test_people_count_and_not_repetitions() -> None:
    remarks = [Remark(user_id=1, text="dark dark dark, so dark!") for _ in range(9)]
    remarks += said("blurry face", "very blurry", "")
    assert frequent_words(remarks) == (Theme(text="blurry", people=2),)


def test_small_words_say_nothing_and_one_and_many_are_one_theme() -> None:
    remarks = said("The hands are wrong", "it's the hand again", "Hands!", "this is a video of the thing")
    assert frequent_words(remarks) == (Theme(text="hands", people=3),)


def test_chinese_is_read_in_pairs_of_signs() -> None:
    remarks = said("画面太暗了", "画面很暗，希望更亮", "画面不错 hands", "手的动作", "动作僵硬 hands")
    assert frequent_words(remarks) == (
        Theme(text="画面", people=3),
        Theme(text="hands", people=2),
        Theme(text="动作", people=2),
    )


def test_pieces_of_one_longer_word_are_one_theme() -> None:
    remarks = said("摄像机", "摄像机", "摄像机")
    assert [theme.people for theme in frequent_words(remarks)] == [3]


def test_the_most_common_come_first_and_only_so_many() -> None:
    remarks = said(*(f"alpha{'bcdefghij'[: number % 9]} common" for number in range(40)))
    found = frequent_words(remarks, 3)
    assert found[0] == Theme(text="common", people=40)
    assert len(found) == 3


def test_nothing_is_made_of_nothing() -> None:
    assert frequent_words([]) == ()
    assert frequent_words(said("🦊🔥", "12345", "a", "!!!")) == ()
