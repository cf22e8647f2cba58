"""The prompt check: a table of prompts with exactly the hints that they get."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompts.check import NoteKind, PromptNote, check_prompt
from bot.domain.prompts.lexicon import LONGEST

CONTRADICTION = NoteKind.CONTRADICTION
VAGUE = NoteKind.VAGUE
SUBJECTS = NoteKind.MANY_SUBJECTS
ACTIONS = NoteKind.MANY_ACTIONS
SCENES = NoteKind.SEVERAL_SCENES
PHYSICS = NoteKind.PHYSICS
CAMERA = NoteKind.NO_CAMERA
LIGHT = NoteKind.NO_LIGHT
PERSON = NoteKind.REAL_PERSON
PROTECTED = NoteKind.PROTECTED

# The examples that the seeds call good, as they stand there.
GOOD = [
    (
        "一只尾巴濃密的紅狐貍在茂密的冬日森林中奔跑。白雪皚皚的松樹環繞著小路。清晨的陽光透過枝葉,在雪地上留下斑駁的光芒。"
        "狐貍快速地從左到右移動,偶爾回頭望向鏡頭。隨著狐貍的經過,廣角鏡頭逐漸過渡到特寫。"
    ),
    (
        "東京夜晚熙熙攘攘的街道,以霓虹黑色電影風格拍攝。濃重的陰影與鮮艷的霓虹燈形成鮮明對比,倒映在雨水濕滑的街道上。"
        "慢動作鏡頭捕捉撐傘行人穿過十字路口的場景。變形鏡頭拍攝的過往車輛前燈產生的眩光。"
    ),
    (
        "A close-up shot of a golden retriever running on the beach at sunset,\nwith waves crashing "
        "in the background, warm golden light,\ncamera slowly tracking the dog's movement"
    ),
    (
        "A high-energy cyberpunk chase in the rain with neon reflections on wet streets. A futuristic "
        "motorcycle speeds through, dynamic motion blur capturing its sleek design and vibrant city lights."
    ),
    "A calm lake reflecting the sunrise, with mountains in the background and birds flying across the sky.",
    "A young woman in a red dress walks along a beach at sunset, seen from behind.",
    "A seed sprouting from soil, close-up timelapse with morning light.",
    # Their two in the other script, and good ones of other people's kinds.
    (
        "一只尾巴浓密的红狐狸在茂密的冬日森林中奔跑。白雪皑皑的松树环绕着小路。清晨的阳光透过枝叶，在雪地上留下斑驳的光芒。"
        "狐狸快速地从左到右移动，偶尔回头望向镜头。随着狐狸的经过，广角镜头逐渐过渡到特写。"
    ),
    (
        "东京夜晚熙熙攘攘的街道，以霓虹黑色电影风格拍摄。浓重的阴影与鲜艳的霓虹灯形成鲜明对比，倒映在雨水湿滑的街道上。"
        "慢动作镜头捕捉撑伞行人穿过十字路口的场景。变形镜头拍摄的过往车辆前灯产生的眩光。"
    ),
    "Low-angle tracking shot of a red tram climbing a hill in fog, headlight cutting through mist at dawn.",
    "Macro shot of honey dripping from a wooden spoon, backlit by warm window light, slow motion.",
    "An old fisherman mends a net on a pier, overcast morning, handheld documentary camera, muted colors.",
    "The camera pans from a sunny meadow as day turns to night and stars appear, time-lapse.",
    "黎明時分，一位老漁夫在碼頭補網，陰天柔光，手持鏡頭，色調樸素。",
    "从白天过渡到夜晚的城市天际线，延时摄影，灯光逐渐亮起。",
    "Without people, an empty subway platform at night under cold fluorescent light, static wide shot.",
    "A black and white cat on a colorful rug, soft daylight, close-up, shallow focus.",
    "A great white shark glides past under shafts of sunlight, the camera drifting beside it.",
    "Cool blue moonlight on a desert road, drone shot following a lone car.",
]

TABLE: list[tuple[str, set[NoteKind]]] = [
    # Contradictions: the seeds' own example first.
    ("陽光明媚，繁星點點的夜空", {CONTRADICTION, CAMERA}),
    ("阳光明媚，繁星点点的夜空", {CONTRADICTION, CAMERA}),
    ("A sunny, starry night sky over the sea, wide shot", {CONTRADICTION}),
    ("A midnight street under a bright sun, close-up of a cat", {CONTRADICTION}),
    ("Static shot, tracking shot of a runner at dawn", {CONTRADICTION}),
    ("A black and white film with vivid colors of a market at noon, wide shot", {CONTRADICTION}),
    ("Slow motion hyperlapse of clouds at sunset", {CONTRADICTION}),
    ("Close-up aerial shot of a boat at dawn", {CONTRADICTION}),
    ("A photorealistic cartoon of a dog at noon, medium shot", {CONTRADICTION}),
    ("An empty street crowded with people at dusk, low angle", {CONTRADICTION}),
    ("Cloudless sky, heavy rain on a field, morning light, wide shot", {CONTRADICTION}),
    ("A horse stands perfectly still while it sprints across a field at dawn, wide shot", {CONTRADICTION}),
    ("空无一人的街道上人山人海，傍晚，航拍", {CONTRADICTION}),
    ("黑白畫面，色彩鮮豔的花園，清晨，近景", {CONTRADICTION}),
    ("固定镜头跟拍一辆汽车，夜晚，镜头跟随", {CONTRADICTION}),
    ("慢动作延时摄影，日落时的云", {CONTRADICTION}),
    # What becomes something else contradicts nothing, and neither does what is denied.
    ("A sunny field turns into a starry night, wide shot", set()),
    ("Night in the city, no sunlight anywhere, neon signs, low angle", set()),
    ("The midnight sun over a fjord at night, wide shot", set()),
    ("夜晚的街道，没有阳光，只有路灯，中景", set()),
    # Vague words.
    ("A beautiful lake at dawn, aerial shot", {VAGUE}),
    ("Something cool with a car at night, close-up", {VAGUE}),
    ("A nice video of a nice dog", {VAGUE, CAMERA, LIGHT}),
    ("An epic, amazing mountain at sunrise, drone shot", {VAGUE}),
    ("好看的女孩在海边，日落，特写", {VAGUE}),
    ("很酷的跑車，夜晚，跟拍", {VAGUE}),
    ("唯美的花園，清晨，微距鏡頭", {VAGUE}),
    ("A video of a cool cat on a motorcycle in the night", {VAGUE, CAMERA}),
    ("The Great Wall at dawn, aerial shot", set()),
    # Too many subjects or actions.
    ("Two dogs, a cat, a parrot and a robot at a table, candlelight, wide shot", {SUBJECTS}),
    ("A knight, a dragon, a princess and a pirate on a cliff at dusk, wide shot", {SUBJECTS}),
    ("一只熊猫、一只老虎、一个宇航员和一辆汽车在草原上，黄昏，全景", {SUBJECTS}),
    ("國王、公主、巫師和巨龍站在城堡前，黃昏，遠景", {SUBJECTS}),
    ("A dog and a puppy, a corgi and a retriever at dawn, close-up", set()),
    ("A boy runs, jumps, sings and eats an apple at noon, medium shot", {ACTIONS}),
    ("A woman cooks, dances, reads and climbs a ladder by candlelight, wide shot", {ACTIONS}),
    ("男孩奔跑、跳跃、唱歌、看书，白天，中景", {ACTIONS}),
    ("女孩游泳、跳舞、畫畫、騎車，白天，中景", {ACTIONS}),
    ("A robot waters plants on a rooftop at dawn, slow dolly in", set()),
    # Several scenes in one.
    ("Scene 1: a cat at a window at dawn. Scene 2: the cat on a roof. Wide shots.", {SCENES}),
    ("A man leaves home at dawn. The next day he is in Paris. Close-up.", {SCENES}),
    ("A castle at dusk, aerial shot, cut to a feast by candlelight", {SCENES}),
    ("第一幕清晨的海边，第二幕夜晚的城市，航拍", {SCENES}),
    ("一個女孩在窗前看書，與此同時，男孩在雨中奔跑，夜晚，近景", {SCENES}),
    ("镜头从水面缓缓升起，切换到俯视图，清晨的湖", set()),
    # Impossible physics, unless it is meant.
    ("A river flowing uphill at dawn, wide shot", {PHYSICS}),
    ("A man walks through a wall in an office, fluorescent light, medium shot", {PHYSICS}),
    ("A campfire underwater at night, close-up", {PHYSICS}),
    ("水往高处流的山谷，清晨，航拍", {PHYSICS}),
    ("一個男人穿過牆壁走進房間，燈光昏暗，中景", {PHYSICS}),
    ("A wizard walks through a wall by candlelight, medium shot", set()),
    ("夢境中水向上流，月光，遠景", set()),
    ("A salmon swims upstream in sunlight, macro shot", set()),
    # Camera and light.
    ("角马吃甜甜圈", {CAMERA, LIGHT}),
    ("一只紅狐貍在雪林中奔跑。", {CAMERA, LIGHT}),
    ("Dog in a park", {CAMERA, LIGHT}),
    ("A sailboat on a calm lake with mountains in the background", {LIGHT}),
    ("A cute corgi running on a beach during sunset.", {CAMERA}),
    ("The cat starts walking slowly towards the camera", {LIGHT}),
    ("一隻貓坐在窗前，特寫", {LIGHT}),
    ("清晨，一只猫坐在窗前", {CAMERA}),
    ("A light blue car with a dark green roof, close-up", {LIGHT}),
    # Real persons and protected characters.
    ("Elon Musk rides a horse at sunset, wide shot", {PERSON}),
    ("Taylor Swift singing on a rooftop at night, close-up", {PERSON}),
    ("泰勒·斯威夫特在舞台上唱歌，灯光，特写", {PERSON}),
    ("馬斯克在火星上跳舞，陽光，遠景", {PERSON}),
    ("A celebrity eats noodles at noon, medium shot", {PERSON}),
    ("Pikachu jumps over a fence at dawn, low angle", {PROTECTED}),
    ("Spider-Man swings between towers at night, tracking shot", {PROTECTED}),
    ("皮卡丘在草地上奔跑，清晨，跟拍", {PROTECTED}),
    ("蜘蛛人在夜晚的樓頂，航拍", {PROTECTED}),
    ("A trumpet player and a messy desk, lamp light, close-up", set()),
    ("A spider on its web at dawn, macro shot", set()),
    # Other languages: what the rules cannot read is not called missing.
    ("Ein roter Fuchs läuft durch den Schnee und die Stadt", set()),
    ("Un zorro rojo corre por el bosque con la nieve", set()),
    ("雪の森を走る赤いキツネ", set()),
    ("Pikachu läuft durch den Schnee und die Stadt", {PROTECTED}),
    ("", set()),
    ("   ", set()),
]


def kinds(text: str, *, picture: bool = False) -> set[NoteKind]:
    return {note.kind for note in check_prompt(text, picture=picture)}


def test_the_table_is_large_enough() -> None:
    assert len({text for text, _ in TABLE}) >= 60


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_prompt_gets_exactly_these_hints(text: str, expected: set[NoteKind]) -> None:
    assert kinds(text) == expected, check_prompt(text)


@pytest.mark.parametrize("text", GOOD)
def test_a_good_prompt_gets_none(text: str) -> None:
    assert check_prompt(text) == ()


def test_every_kind_is_shown_by_the_table() -> None:
    assert set.union(*(expected for _, expected in TABLE)) == set(NoteKind) - {NoteKind.FACE}


def test_each_contradicting_pair_is_a_hint_with_its_two_words() -> None:
    notes = check_prompt("A Sunny starry NIGHT, static shot, handheld")
    assert notes == (
        PromptNote(kind=CONTRADICTION, words=("starry", "Sunny")),
        PromptNote(kind=CONTRADICTION, words=("static shot", "handheld")),
    )


def test_a_word_is_named_once_and_as_it_was_written() -> None:
    (note,) = check_prompt("A Nice dog, nice light, nice close-up, really awesome")
    assert note == PromptNote(kind=VAGUE, words=("Nice", "awesome"))


def test_a_subject_is_counted_once_under_all_its_names() -> None:
    (note,) = check_prompt("dog, puppy, cat, wolf, bear, kitten at dawn, close-up")
    assert note == PromptNote(kind=SUBJECTS, words=("dog", "cat", "wolf", "bear"))


def test_a_picture_adds_the_hint_about_faces_with_the_words_for_people() -> None:
    text = "A woman smiles at dawn, close-up"
    assert check_prompt(text) == ()
    assert check_prompt(text, picture=True) == (PromptNote(kind=NoteKind.FACE, words=("woman",)),)
    assert check_prompt("", picture=True) == (PromptNote(kind=NoteKind.FACE),)


def test_only_the_beginning_of_a_very_long_prompt_is_read() -> None:
    opening = "A dog at dawn, close-up. "
    assert check_prompt(opening + " " * LONGEST + "beautiful") == ()


@given(st.text(max_size=300))
def test_no_text_is_too_strange_and_every_word_stands_in_it(text: str) -> None:
    for note in check_prompt(text, picture=True):
        assert all(word in text for word in note.words)
