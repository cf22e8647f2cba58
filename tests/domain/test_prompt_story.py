"""Stories as members type them, the builder's parts, looks, and ratings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.prompts.check import NoteKind, check_prompt
from bot.domain.prompts.data import read_data
from bot.domain.prompts.language import Language, language_of
from bot.domain.prompts.parts import PromptParts
from bot.domain.prompts.refine import Criterion, Scores, revise
from bot.domain.prompts.story import Scene, read_scenes
from bot.domain.prompts.styles import NAME, StylePreset, presets, styled


@pytest.mark.parametrize(
    ("line", "prompt", "seconds"),
    [
        ("A seed sprouts 8s", "A seed sprouts", 8),
        ("A seed sprouts 8 s", "A seed sprouts", 8),
        ("A seed sprouts, 12 seconds.", "A seed sprouts", 12),
        ("A seed sprouts (8s)", "A seed sprouts", 8),
        ("A seed sprouts - 8 sec", "A seed sprouts", 8),
        ("A seed sprouts. 8S", "A seed sprouts.", 8),
        ("种子发芽 8秒", "种子发芽", 8),
        ("種子發芽，１２秒", "種子發芽", 12),
        ("種子發芽（12秒鐘）", "種子發芽", 12),
        ("1. A seed sprouts 8s", "A seed sprouts", 8),
        ("(2) A seed sprouts", "A seed sprouts", None),
        ("3、种子发芽", "种子发芽", None),
        ("- A seed sprouts", "A seed sprouts", None),
        ("• A seed sprouts", "A seed sprouts", None),
        ("Scene 4: A seed sprouts", "A seed sprouts", None),
        ("场景二：种子发芽", "种子发芽", None),
        ("第三幕：種子發芽", "種子發芽", None),
        ("8s", None, None),
        ("2. 8s", None, None),
        # No length, and no number of a list.
        ("A disco in the 80s", "A disco in the 80s", None),
        ("A disco, 1980s", "A disco, 1980s", None),
        ("8s pass on a clock", "8s pass on a clock", None),
        ("Two cars", "Two cars", None),
        ("2001 seeds", "2001 seeds", None),
        ("1.5 miles of road", "1.5 miles of road", None),
        ("A F16s", "A F16s", None),
        ("-20 degrees in the snow", "-20 degrees in the snow", None),
    ],
)
def test_a_line_is_a_scene(line: str, prompt: str | None, seconds: int | None) -> None:
    if prompt is None:
        with pytest.raises(InvalidRequest) as caught:
            read_scenes(line)
        assert (caught.value.code, dict(caught.value.facts)) == (Code.SCENE_EMPTY, {"scene": 1})
    else:
        assert read_scenes(line) == (Scene(prompt=prompt, seconds=seconds),)


def test_the_story_of_the_seeds() -> None:
    text = """
    1. A seed sprouting from soil, close-up timelapse with morning light. 8s
    2. The sprout growing into a small plant, developing its first leaves. 12s

    3. The plant maturing and developing flower buds, still in timelapse. 10s
    4. The flower blooming in vibrant colors, attracting a hummingbird. 15s
    """
    scenes = read_scenes(text)
    assert [scene.seconds for scene in scenes] == [8, 12, 10, 15]
    assert scenes[3].prompt == "The flower blooming in vibrant colors, attracting a hummingbird."


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", Code.SCENES_NONE, {}),
        (" \n\u200b\n", Code.SCENES_NONE, {}),
        ("a\n" * 11, Code.SCENES_TOO_MANY, {"count": 11, "most": 10}),
        ("a fox 8s\n9s", Code.SCENE_EMPTY, {"scene": 2}),
        ("a fox 0s", Code.SCENE_SECONDS, {"scene": 1}),
        ("a fox\na cat 8.5s", Code.SCENE_SECONDS, {"scene": 2}),
    ],
)
def test_what_is_no_story_is_refused_with_its_place(text: str, code: Code, facts: dict[str, int]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_scenes(text)
    assert (caught.value.code, dict(caught.value.facts)) == (code, facts)


def test_ten_scenes_are_taken() -> None:
    assert len(read_scenes("a fox\n" * 10)) == 10


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        scenes = read_scenes(text)
    except InvalidRequest:
        return
    assert 1 <= len(scenes) <= 10
    assert all(scene.prompt and (scene.seconds is None or scene.seconds >= 1) for scene in scenes)


def test_the_parts_become_one_prompt() -> None:
    parts = PromptParts(
        subject="a red fox",
        scene="in a snowy forest, ",
        action="trots",
        camera="slow tracking shot",
        light="dawn light.",
        style="",
        motion="from left to right",
    )
    assert parts.text() == (
        "A red fox, trots, from left to right, in a snowy forest. Slow tracking shot. Dawn light."
    )
    assert PromptParts().text() == ""
    assert PromptParts(camera="close-up").text() == "Close-up."


def test_chinese_parts_become_a_chinese_prompt() -> None:
    parts = PromptParts(subject="一隻紅狐", action="奔跑", scene="雪林中", camera="跟拍", style="寫實")
    assert parts.text() == "一隻紅狐，奔跑，雪林中。跟拍。寫實。"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A red fox", Language.ENGLISH),
        ("", Language.ENGLISH),
        ("🦊🦊", Language.ENGLISH),
        ("一只红狐狸", Language.SIMPLIFIED),
        ("一隻紅狐狸", Language.TRADITIONAL),
        ("一只紅狐貍在雪林中奔跑。", Language.TRADITIONAL),
        ("山水", Language.SIMPLIFIED),
        ("4K 画质的红狐狸，cinematic", Language.SIMPLIFIED),
        ("A calligrapher writes 永 with a brush", Language.ENGLISH),
        ("雪の森を走る", Language.OTHER),
        ("Красная лиса бежит", Language.OTHER),
        ("빨간 여우", Language.OTHER),
        ("Ein Fuchs läuft durch die Stadt", Language.OTHER),
        ("Café in Paris at night", Language.ENGLISH),
    ],
)
def test_the_language_is_told(text: str, language: Language) -> None:
    assert language_of(text) is language


ASKED = {
    "cinematic",
    "documentary",
    "animation",
    "anime",
    "watercolor",
    "film-noir",
    "vintage-8mm",
    "claymation",
    "pixel-art",
    "time-lapse",
}


def test_the_looks_are_there_and_each_is_whole() -> None:
    looks = presets()
    assert set(looks) >= ASKED
    assert len(looks) <= 16
    for name, look in looks.items():
        assert name == look.name
        assert re.fullmatch(NAME, name)
        assert look.prompt.endswith(".")
        assert look.negative
        assert set(look.chinese) == {Language.SIMPLIFIED, Language.TRADITIONAL}
        for text in (look.prompt, *look.chinese.values()):
            assert {note.kind for note in check_prompt(text)} <= {NoteKind.NO_CAMERA, NoteKind.NO_LIGHT}, name


def test_a_look_is_the_prompts_last_sentence() -> None:
    watercolor = presets()["watercolor"]
    prompt, negative = styled("A sailboat on a calm lake with mountains in the background", watercolor)
    assert prompt.startswith(
        "A sailboat on a calm lake with mountains in the background. In the style of a moving watercolor"
    )
    assert negative == watercolor.negative
    assert styled("一艘帆船，湖面平静", watercolor)[0].startswith("一艘帆船，湖面平静。水彩画风格")
    assert styled("一艘帆船，湖面平靜！", watercolor)[0].startswith("一艘帆船，湖面平靜！水彩畫風格")


def test_a_servers_own_look_needs_only_a_text() -> None:
    look = StylePreset(name="felt", prompt="Made of felt.")
    assert styled("一艘帆船", look) == ("一艘帆船。Made of felt.", None)
    assert styled("", look) == ("Made of felt.", None)


@pytest.mark.parametrize(
    ("scores", "overall", "weak", "good"),
    [
        ((5, 5, 5, 5), 5.0, tuple(Criterion), False),
        ((8, 8, 8, 8), 8.0, (), True),
        ((10, 10, 6, 6), 8.0, (Criterion.CONSISTENCY, Criterion.NARRATIVE), True),
        ((8, 8, 8, 7), 7.75, (), False),
        ((7, 6, 7, 7), 6.75, (Criterion.ADHERENCE,), False),
    ],
)
def test_scores_say_what_is_weak_and_when_to_stop(
    scores: tuple[int, int, int, int], overall: float, weak: tuple[Criterion, ...], good: bool
) -> None:
    rated = Scores(visual=scores[0], adherence=scores[1], consistency=scores[2], narrative=scores[3])
    assert (rated.overall, rated.weak, rated.good_enough) == (overall, weak, good)


@pytest.mark.parametrize("score", [0, 11, -1])
def test_a_score_outside_of_1_to_10_is_refused(score: int) -> None:
    with pytest.raises(ValueError, match="consistency"):
        Scores(visual=5, adherence=5, consistency=score, narrative=5)


@pytest.mark.parametrize("text", ["A red fox runs", "一只红狐狸奔跑", "一隻紅狐狸奔跑"])
@pytest.mark.parametrize("criterion", list(Criterion))
def test_each_low_rating_adds_another_sentence_until_all_is_said(criterion: Criterion, text: str) -> None:
    rounds = [text]
    for _ in range(4):
        rounds.append(revise(rounds[-1], [criterion]))
    steps = read_data("revisions")[criterion][language_of(text)]
    for number, step in enumerate(steps, 1):
        assert step in rounds[number]
        assert step not in rounds[number - 1]
        assert rounds[number].startswith(text)
    assert rounds[4] == rounds[3]


def test_a_prompt_that_was_not_followed_becomes_specific() -> None:
    revised = revise("A red fox runs", [Criterion.ADHERENCE])
    assert not {note.kind for note in check_prompt(revised)} & {NoteKind.NO_CAMERA, NoteKind.NO_LIGHT}


def test_nothing_weak_changes_nothing() -> None:
    assert revise("A red fox runs", []) == "A red fox runs"
    assert revise("", list(Criterion)) == ""


def test_revisions_bring_no_hint_of_their_own() -> None:
    for steps in read_data("revisions").values():
        for step in (step for language in steps.values() for step in language):
            assert {note.kind for note in check_prompt(step)} <= {NoteKind.NO_CAMERA, NoteKind.NO_LIGHT}, step
