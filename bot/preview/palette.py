"""Palettes: the colours of one clip."""

from dataclasses import dataclass
from typing import NamedTuple


class Colour(NamedTuple):
    """One sRGB colour, each part 0 to 1."""

    red: float
    green: float
    blue: float

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """Return this colour moved towards `other` by `share`, 0 to 1."""
        return Colour(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))

    def yuv(self) -> tuple[float, float, float]:
        """Return BT.709 limited-range Y, U and V, 16 to 240 (ITU-R BT.709-6, part 3)."""
        luma = 0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue
        u = (self.blue - luma) / 1.8556
        v = (self.red - luma) / 1.5748
        return 16 + 219 * luma, 128 + 224 * u, 128 + 224 * v


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Six colours from the top of the sky to the nearest ground."""

    zenith: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour

    @property
    def is_dark(self) -> bool:
        """Tell whether this is a night sky, where stars can be seen."""
        return self.middle.yuv()[0] < 80

    @classmethod
    def of(cls, six: str) -> "Palette":
        """Read six `rrggbb` words: zenith, middle, horizon, light, far, near."""
        colours = (Colour(*(part / 255 for part in bytes.fromhex(word))) for word in six.split())
        zenith, middle, horizon, light, far, near = colours
        return cls(zenith=zenith, middle=middle, horizon=horizon, light=light, far=far, near=near)

    def varied(self, turn: float) -> "Palette":
        """Return the palette warmed (`turn` > 0) or cooled (< 0) a little; useful from -1 to 1."""
        tint = Colour(1.0, 0.62, 0.36) if turn > 0 else Colour(0.28, 0.5, 1.0)
        share = min(abs(turn), 1.0) * 0.13
        return Palette(
            zenith=self.zenith.mixed(tint, share * 0.5),
            middle=self.middle.mixed(tint, share),
            horizon=self.horizon.mixed(tint, share),
            light=self.light,
            far=self.far.mixed(tint, share * 0.7),
            near=self.near,
        )


# zenith, middle, horizon, light, far, near
PALETTES: dict[str, tuple[Palette, ...]] = {
    name: tuple(Palette.of(row) for row in rows)
    for name, rows in {
        "sunset": (
            "232a5c 8e5a92 ffb184 ffe7bf 8a628f 1b1932",
            "37457a dd8259 ffcf7a fff0c6 a8654f 27161f",
            "251f4d bd4c79 ff9d68 ffdcab 8a4570 190f2a",
        ),
        "day": (
            "2b6fbd 78b4e4 dceef2 fff8e0 7aa3bd 1c3f4a",
            "3788b5 98d2cd f5f0d2 fffbe6 84b3a4 1b4438",
            "3f6fc2 a9bfe8 fbe6da fff6e6 8d9cc4 2a3560",
        ),
        "dusk": (
            "212255 6a58a4 efa6b7 ffe2dc 6c6099 171636",
            "14264d 4a6b9c e6b5b4 ffe9cf 5c729c 0f1a2e",
        ),
        "night": (
            "040a1d 0f2347 37587f eaf2ff 27426a 050a16",
            "03121d 0b3843 2d7a6c e6fff2 1d5054 030e12",
            "0a0820 241a4d 5d4a86 f3ecff 34296a 080614",
        ),
        "snow": (
            "6788b0 adc5dc eaf1f7 ffffff a3b9cf 38506c",
            "36467a 9599c6 f2d7dc fff4ec 8d9ac3 333d61",
        ),
        "forest": (
            "23504b 6c9e7b e1e8b6 fff7cf 628f78 0e231d",
            "0f2f2f 3d6f61 c6d69e f7ffd0 3d6a57 07171a",
        ),
        "fire": (
            "180610 6a1916 ff772a ffd27a 74221a 120508",
            "100a1c 4d1a3a f2603a ffc98a 5a1f33 0d0610",
        ),
        "city": (
            "0c0e2c 38286a d2558c ffd9a0 40306c 0a091a",
            "081226 1d4378 d670a2 ffe2b4 2e4a80 070c1a",
        ),
        "desert": (
            "3f7fb2 e3b489 ffe1ad fff6d8 d29c6a 5d3422",
            "3a2f63 d27d6a ffc98f ffedc9 b46d5a 3a1c25",
        ),
        "space": (
            "03030c 150e32 48296c dfe3ff 2e2056 06050e",
            "02070d 0a2536 245a6e e3fbff 173a4c 040a10",
        ),
        "blossom": (
            "719fd6 e4b1cc ffe4e4 fff6f0 c293b4 4d3050",
            "5d7cc0 c5a6dc ffdde6 fffaf4 a58bc4 3b2c56",
        ),
        "rain": (
            "25303d 4e606c 9badb3 dfe8ea 55666f 141b23",
            "1d2a3a 3f5670 8ea3b8 dbe6f2 485d73 101722",
        ),
        "sea": (
            "1c6bad 70b9de e6f3ee fff6da 5a9ab2 0c3a52",
            "12496f 4a9bb0 ffe3b8 fff3d2 4b8396 072c3d",
        ),
    }.items()
}
