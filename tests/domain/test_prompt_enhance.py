"""The offline enhancer and the splitter: the member's words first, nothing twice, nothing against itself."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompts.check import NoteKind, check_prompt
from bot.domain.prompts.data import read_data
from bot.domain.prompts.enhance import enhance
from bot.domain.prompts.lexicon import lexicon
from bot.domain.prompts.split import split_scenes

MISSING = {NoteKind.NO_CAMERA, NoteKind.NO_LIGHT}
LISTS = {
    "subject": ["detail"],
    "scene": ["place"],
    "action": ["action", "ambient"],
    "camera": ["camera"],
    "light": ["light"],
    "style": ["style"],
}

PIECES = [
    "a fox",
    "a car",
    "a man",
    "a bird flies",
    "a whale underwater",
    "at night",
    "at noon",
    "in the rain",
    "in a kitchen",
    "in a snowy forest",
    "in a city",
    "time-lapse",
    "static camera",
    "black and white",
    "runs",
    "cartoon",
    "motionless",
    "close-up",
]


def kinds(text: str) -> set[NoteKind]:
    return {note.kind for note in check_prompt(text)}


def test_the_red_fox_of_the_seeds() -> None:
    assert enhance("一只紅狐貍在雪林中奔跑。") == (
        "一只紅狐貍在雪林中奔跑。毛髮濃密蓬鬆，細節清晰。鏡頭以低角度從側面平穩跟隨，中景。"
        "清晨低斜的陽光透過來，在雪地上投下長長的藍色影子和點點光斑。寫實的電影風格，色彩自然。"
    )
    assert enhance("一只红狐狸在雪林中奔跑").startswith(
        "一只红狐狸在雪林中奔跑。毛发浓密蓬松，细节清晰。镜头"
    )
    assert enhance("A red fox runs through a snowy forest.") == (
        "A red fox runs through a snowy forest. Thick, natural fur, every hair finely detailed. The camera "
        "follows alongside at a low angle, in a medium shot. Low early-morning sun filters through, laying "
        "long blue shadows and flecks of light on the snow. Realistic, cinematic style with natural colors."
    )


def test_a_prompt_with_all_six_parts_stays_as_it_is() -> None:
    whole = (
        "A high-energy cyberpunk chase in the rain with neon reflections on wet streets. A futuristic "
        "motorcycle speeds through, dynamic motion blur capturing its sleek design and vibrant city lights."
    )
    assert enhance(whole) == whole


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("A fox at night", ("sun", "daylight", "golden")),
        ("夜晚的狐狸", ("阳光", "日光")),
        ("A whale underwater", ("sunlight", "window")),
        ("An old man in a kitchen", ("sunlight", "daylight", "wide")),
        ("A city, time-lapse", ("pushing", "follows")),
        ("A cartoon dog", ("Realistic", "cinematic")),
        ("A street in heavy rain", ("sunlight", "daylight")),
    ],
)
def test_nothing_is_added_that_does_not_fit(text: str, never: tuple[str, ...]) -> None:
    added = enhance(text).removeprefix(text)
    assert added
    assert not [word for word in never if word in added], added


@pytest.mark.parametrize("first", PIECES)
def test_the_rules_hold_for_every_mixture(first: str) -> None:
    for pair in combinations(PIECES[PIECES.index(first) + 1 :], 2):
        text = ", ".join((first, *pair))
        better = enhance(text)
        assert better.startswith(text)
        assert len(better) <= len(text) + 1000
        assert enhance(better) == better
        assert not kinds(better) - kinds(text), better
        assert not kinds(better) & MISSING, better


@given(st.text(max_size=200))
def test_any_text_stays_first_and_whole(text: str) -> None:
    better = enhance(text)
    assert better.startswith(text.strip())
    assert len(better) <= len(text) + 1000
    assert enhance(better) == better


@pytest.mark.parametrize(
    "text", ["", "  ", "雪の森を走る赤いキツネ", "Ein Fuchs läuft durch den Schnee und die Stadt"]
)
def test_what_the_rules_cannot_read_is_left_alone(text: str) -> None:
    assert enhance(text) == text.strip()


def test_a_very_long_prompt_is_left_alone() -> None:
    assert enhance("fox " * 1001) == ("fox " * 1001).strip()


def test_every_addition_is_found_by_the_list_that_missed_it_and_brings_no_hint() -> None:
    for part, rows in read_data("additions").items():
        for row in rows:
            for language in ("en", "zh-hans", "zh-hant"):
                sentence = row[language]
                assert any(lexicon().says(topic, sentence) for topic in LISTS[part]), sentence
                assert kinds(sentence) <= MISSING, sentence


def test_every_list_that_a_rule_names_exists() -> None:
    topics = set(lexicon().topics)
    for rows in read_data("additions").values():
        for row in rows:
            assert {*row.get("when", ()), *row.get("unless", ())} <= topics
    assert {topic for pair in lexicon().contradictions for topic in pair} <= topics


def test_no_entry_of_a_list_is_hidden_by_its_exceptions() -> None:
    for name, topic in read_data("lexicon")["topic"].items():
        for entry in topic["words"]:
            for word in entry.split("|"):
                plain = word.replace("+", "").replace("*", "").replace("...", " ")
                if "*ing" not in word:
                    assert lexicon().says(name, plain), (name, word)


@pytest.mark.parametrize(
    ("idea", "scenes"),
    [
        (
            "A red fox trots through fresh snow, then jumps over a log. It finally sleeps under a pine.",
            (
                "A red fox trots through fresh snow.",
                "The same red fox jumps over a log.",
                "The same red fox sleeps under a pine.",
            ),
        ),
        (
            "一只红狐狸在雪林中奔跑，然后跳过一根倒木，最后在松树下睡着",
            ("一只红狐狸在雪林中奔跑。", "同一只红狐狸跳过一根倒木。", "同一只红狐狸在松树下睡着。"),
        ),
        (
            "A seed sprouts. It grows. It blooms.",
            ("A seed sprouts.", "The same seed grows.", "The same seed blooms."),
        ),
    ],
)
def test_the_steps_of_an_idea_become_scenes_that_stand_alone(idea: str, scenes: tuple[str, ...]) -> None:
    assert split_scenes(idea, 3) == scenes


def test_a_single_idea_becomes_a_course_of_different_scenes_that_each_hold_it() -> None:
    scenes = split_scenes("A lighthouse in a storm", 4)
    assert len(set(scenes)) == 4
    assert all("A lighthouse in a storm" in scene for scene in scenes)


@given(st.text(max_size=200).filter(str.strip), st.integers(1, 10))
def test_any_idea_gives_exactly_as_many_scenes_as_asked_for(idea: str, count: int) -> None:
    scenes = split_scenes(idea, count)
    assert len(scenes) == count
    assert all(scene.strip() for scene in scenes)


@pytest.mark.parametrize(("idea", "count"), [("", 3), ("  ", 1), ("a fox", 0), ("a fox", 11)])
def test_no_idea_and_no_such_number_are_refused(idea: str, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        split_scenes(idea, count)
