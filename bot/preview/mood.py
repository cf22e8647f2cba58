"""Mood: what the words of a prompt make of the picture and the sound."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from bot.preview.palette import PALETTES, Palette

T = TypeVar("T")

Land = Literal["hills", "mountains", "dunes", "forest", "city", "sea"]
Motes = Literal["dust", "snow", "rain", "embers", "fireflies", "petals"]
Body = Literal["sun", "moon", "planet", "hidden"]
Bed = Literal["air", "waves", "crackle", "rain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """Everything that steers one clip: light, land, what floats in the air, what is heard."""

    palette: Palette
    land: Land
    motes: Motes
    body: Body
    bed: Bed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that settle some of a mood; earlier cues win."""

    words: str
    palette: str | None = None
    land: Land | None = None
    motes: Motes | None = None
    body: Body | None = None
    bed: Bed | None = None


CUES: tuple[Cue, ...] = (
    Cue(
        words="space planet galaxy cosmos nebula rocket astronaut orbit 宇宙 太空 银河 銀河 星球 우주",
        palette="space",
        land="dunes",
        body="planet",
    ),
    Cue(
        words="fire flame lava volcano ember dragon burn burning inferno campfire 火 火山 龙 龍 炎 불 용",
        palette="fire",
        land="mountains",
        motes="embers",
        bed="crackle",
    ),
    Cue(words="neon cyberpunk downtown 霓虹 赛博朋克 ネオン 네온", palette="city", land="city"),
    Cue(
        words="city street skyline tokyo york shanghai building motorcycle 城 街 都市 도시 거리",
        land="city",
    ),
    Cue(
        words="night midnight moon moonlight star starry starlight evening 夜 月 星 晚上 밤 달 별",
        palette="night",
        body="moon",
    ),
    Cue(
        words="sunset sunrise dawn golden twilight dusk 日落 夕阳 夕陽 黄昏 日出 朝阳 夕日 夕焼 노을 일출",
        palette="sunset",
        body="sun",
    ),
    Cue(
        words="snow snowy winter ice icy frost blizzard glacier 雪 冬 冰 氷 눈 겨울",
        palette="snow",
        motes="snow",
        land="mountains",
    ),
    Cue(
        words="rain rainy storm thunder umbrella 雨 暴风 嵐 폭우 비가",
        palette="rain",
        motes="rain",
        body="hidden",
        bed="rain",
    ),
    Cue(
        words="sea ocean wave beach lighthouse boat ship sail island whale dolphin surf harbour harbor lake "
        "海 浪 波 船 湖 岛 島 바다 바닷 파도 섬",
        palette="sea",
        land="sea",
        bed="waves",
    ),
    Cue(words="city skyline 城市 都市 도시", palette="city"),
    Cue(
        words="blossom flower cherry petal spring garden sakura rose 花 春 桜 樱 櫻 꽃 봄 벚꽃",
        palette="blossom",
        land="hills",
        motes="petals",
    ),
    Cue(
        words="firefly fireflies glowing magic fairy lantern 萤火 蛍 灯笼 魔法 반딧불",
        palette="night",
        motes="fireflies",
    ),
    Cue(
        words="forest wood tree jungle pine woodland bamboo deer fox wolf bear 森 林 树 樹 竹 숲 나무",
        palette="forest",
        land="forest",
    ),
    Cue(words="desert sand dune camel sahara 沙漠 沙丘 砂漠 사막", palette="desert", land="dunes"),
    Cue(words="mountain peak cliff alps summit canyon 山 峰 崖 산", land="mountains"),
    Cue(
        words="day noon sunny morning sky cloud meadow field hill 天空 草原 白天 早晨 空 朝 낮 하늘",
        palette="day",
    ),
)

ANY_PALETTE = ("sunset", "day", "dusk", "sunset", "night", "day")
ANY_LAND: tuple[Land, ...] = ("mountains", "hills", "mountains", "forest")


def _heard(text: str) -> set[str]:
    """Return the words of a text in lower case, plurals also without their last letter."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return words | {word[:-1] for word in words if word.endswith("s")}


def _matches(cue: Cue, text: str, heard: set[str]) -> bool:
    return any(word in heard if word.isascii() else word in text for word in cue.words.split())


def cues_of(prompt: str, negative_prompt: str) -> list[Cue]:
    """Return the cues that the prompt names and the negative prompt does not."""
    wanted, unwanted = _heard(prompt), _heard(negative_prompt)
    return [
        cue for cue in CUES if _matches(cue, prompt, wanted) and not _matches(cue, negative_prompt, unwanted)
    ]


def _first(values: Iterable[T | None], otherwise: T) -> T:
    return next((value for value in values if value is not None), otherwise)


def mood_of(prompt: str, negative_prompt: str, rng: np.random.Generator) -> Mood:
    """Choose the mood: by the cues where there are any, by `rng` where there are none.

    A cue that the negative prompt names as well is not taken; that is all a negative prompt does.
    """
    cues = cues_of(prompt, negative_prompt)
    name = _first((cue.palette for cue in cues), ANY_PALETTE[int(rng.integers(len(ANY_PALETTE)))])
    land: Land = _first((cue.land for cue in cues), ANY_LAND[int(rng.integers(len(ANY_LAND)))])
    rows = PALETTES[name]
    palette = rows[int(rng.integers(len(rows)))].varied(float(rng.uniform(-1, 1)))
    drifting: Motes = "fireflies" if land in ("forest", "hills") and palette.is_dark else "dust"
    return Mood(
        palette=palette,
        land=land,
        motes=_first((cue.motes for cue in cues), drifting),
        body=_first((cue.body for cue in cues), "moon" if palette.is_dark else "sun"),
        bed=_first((cue.bed for cue in cues), "air"),
    )
