"""Clip: what is to be rendered, as a value."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FPS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One video to render; the same clip always gives the same frames.

    `picture` is the first frame as raw RGB24 rows of exactly this size, in a file.
    """

    prompt: str
    seed: int
    width: int
    height: int
    seconds: int
    negative_prompt: str = ""
    picture: Path | None = None

    @property
    def frames(self) -> int:
        """Return how many frames the clip has."""
        return self.seconds * FPS

    def rng(self, purpose: str) -> np.random.Generator:
        """Return random numbers that follow from prompt, seed and purpose alone."""
        text = f"{purpose}\0{self.seed}\0{self.prompt}"
        return np.random.default_rng(
            int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        )
