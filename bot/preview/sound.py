"""Sound: a soft chord, a few plucked notes and the air of the place, all from one clip's seed."""

import numpy as np

from bot.preview.clip import Clip
from bot.preview.mood import Bed, Mood
from bot.preview.sprites import Field

RATE = 44_100
COARSE = RATE // 2  # everything is made at half the rate; nothing here reaches 4 kHz
PEAK = 0.5  # -6 dBFS
MAJOR, MINOR = (0, 2, 4, 7, 9), (0, 3, 5, 7, 10)  # pentatonic steps, which never clash
CHORDS = {
    MAJOR: ((0, 7, 12, 16), (-3, 9, 12, 16), (-7, 5, 9, 12)),
    MINOR: ((0, 7, 12, 15), (-4, 8, 12, 15), (-7, 5, 8, 12)),
}
CHORD_SECONDS = 4
ECHO = 0.31  # seconds


def sound(clip: Clip, mood: Mood) -> Field:
    """Return mono samples from -1 to 1 at `RATE`, exactly as long as the clip, silent at both ends."""
    rng = clip.rng("sound")
    scale = MINOR if mood.palette.is_dark or mood.bed == "rain" else MAJOR
    root = 130.8 * 2 ** (int(rng.integers(-3, 5)) / 12)
    length = clip.seconds * COARSE
    music = _chords(rng, root, CHORDS[scale], length) * np.float32(0.5)
    music += _plucks(rng, root * 2, scale, length)
    music += _bed(rng, mood.bed, length)
    t = np.arange(length, dtype=np.float32) / COARSE
    music *= np.minimum(1, np.minimum(t / 0.4, (clip.seconds - t) / 1.2))
    music *= np.float32(PEAK / max(float(np.abs(music).max()), 1e-6))
    doubled = np.empty(2 * length, np.float32)
    doubled[::2] = music
    doubled[1:-1:2] = (music[:-1] + music[1:]) / 2
    doubled[-1] = 0
    return doubled


def _pitch(root: float, step: int) -> float:
    return float(root * 2 ** (step / 12))


def _chords(rng: np.random.Generator, root: float, chords: tuple[tuple[int, ...], ...], length: int) -> Field:
    """Return a slow progression of chords, each fading into the next."""
    total = np.zeros(length + COARSE, np.float32)
    span = CHORD_SECONDS * COARSE
    fade = COARSE // 2
    t = np.arange(span + fade, dtype=np.float32) / COARSE
    shape = np.minimum(1, np.minimum(t / 0.5, (t[-1] - t) / 0.5))
    for number, start in enumerate(range(0, length, span)):
        for step in chords[number % len(chords)]:
            turn = np.float32(2 * np.pi * _pitch(root, step)) * t
            swell = 1 + 0.3 * np.sin(t * np.float32(rng.uniform(0.6, 1.4)) + np.float32(rng.uniform(0, 6)))
            voice = np.sin(
                turn + np.float32(0.8) * np.sin(turn * np.float32(0.5)) * np.float32(0.2)
            ) + 0.25 * np.sin(turn * 2)
            end = min(start + span + fade, len(total))
            total[start:end] += (voice * swell * shape * np.float32(0.16))[: end - start]
    return total[:length]


def _plucks(rng: np.random.Generator, root: float, scale: tuple[int, ...], length: int) -> Field:
    """Return a wandering line of short notes with one echo."""
    total = np.zeros(length, np.float32)
    t = np.arange(round(1.6 * COARSE), dtype=np.float32) / COARSE
    shape = np.minimum(1, t / 0.012) * np.exp(-t * 3.4)
    place = int(rng.integers(len(scale)))
    beat = float(rng.choice((0.5, 0.5, 0.4, 0.667)))
    for start in np.arange(0.6, length / COARSE - 1.2, beat):
        place = int(np.clip(place + rng.integers(-2, 3), 0, 2 * len(scale) - 1))
        if rng.random() < 0.28:
            continue
        octave, degree = divmod(place, len(scale))
        turn = np.float32(2 * np.pi * _pitch(root, scale[degree] + 12 * octave)) * t
        note = (
            (np.sin(turn) + 0.3 * np.sin(2 * turn) * np.exp(-t * 5))
            * shape
            * np.float32(rng.uniform(0.14, 0.26))
        )
        for delay, level in ((0.0, 1.0), (ECHO, 0.3)):
            at = round((start + delay) * COARSE)
            total[at : at + len(t)] += note[: max(length - at, 0)] * np.float32(level)
    return total


def _hiss(rng: np.random.Generator, length: int, every: int) -> Field:
    """Return noise from -1 to 1 without what is above `COARSE / 2 / every` Hz."""
    points = rng.uniform(-1, 1, length // every + 2)
    return np.interp(np.arange(length, dtype=np.float32) / every, np.arange(len(points)), points).astype(
        np.float32
    )


def _bed(rng: np.random.Generator, bed: Bed, length: int) -> Field:
    """Return what is heard behind the music: wind, waves, rain or a fire."""
    t = np.arange(length, dtype=np.float32) / COARSE
    if bed == "waves":
        roll = (0.5 + 0.5 * np.sin(2 * np.pi * t / np.float32(4.4) - 1.2)) ** 2
        return _hiss(rng, length, 7) * (0.02 + 0.15 * roll)
    if bed == "rain":
        return _hiss(rng, length, 3) * np.float32(0.07) + _hiss(rng, length, 12) * np.float32(0.04)
    if bed == "crackle":
        total = _hiss(rng, length, 40) * np.float32(0.12)
        for at in rng.integers(0, length - 400, length // COARSE * 14):
            burst = rng.uniform(-1, 1, 160).astype(np.float32) * np.exp(
                -np.arange(160, dtype=np.float32) / 28
            )
            total[at : at + 160] += burst * np.float32(rng.uniform(0.03, 0.22))
        return total
    gust = 0.6 + 0.4 * np.sin(t * np.float32(rng.uniform(0.5, 1.0)))
    return _hiss(rng, length, 30) * gust * np.float32(0.06)
