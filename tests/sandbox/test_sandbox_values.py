"""The sandbox's small pure parts."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.sandbox.access import channel_permissions
from bot.sandbox.clock import Clock
from bot.sandbox.command_form import NAME
from bot.sandbox.image_size import image_size
from bot.sandbox.permissions import ALL, BOT_DEFAULT, DIRECT_MESSAGE, bits
from bot.sandbox.snowflake import Snowflakes, created_at
from bot.sandbox.world import World

NOW = 1_790_000_000.0


def test_snowflakes_grow_even_within_one_millisecond_and_hold_their_time() -> None:
    clock = Clock(lambda: NOW)
    ids = Snowflakes(clock)
    made = [int(ids.next()) for _ in range(5000)]
    assert made == sorted(set(made))
    assert created_at(str(made[0])) == NOW
    clock.advance(60)
    assert created_at(ids.next()) == NOW + 60


def test_the_clock_tells_utc_and_never_goes_back() -> None:
    clock = Clock(lambda: NOW)
    assert clock.iso() == "2026-09-21T14:13:20+00:00"
    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(-1)


def test_the_install_link_asks_for_what_the_reference_says() -> None:
    assert BOT_DEFAULT == 274878024768


@pytest.mark.parametrize(
    ("value", "expected"),
    [(8, 8), ("2048", 2048), (["send_messages", "view_channel"], 3072), ([], 0)],
)
def test_permissions_are_read_from_numbers_and_names(value: object, expected: int) -> None:
    assert bits(value) == expected


@pytest.mark.parametrize("value", [True, None, 1.5, "x", ["fly"], {}])
def test_other_permissions_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        bits(value)


def test_the_owner_may_do_everything_a_stranger_nothing_and_dms_are_private() -> None:
    clock = Clock()
    world = World(clock=clock, ids=Snowflakes(clock))
    general, member = world.default_channel, world.default_user
    assert channel_permissions(world, world.guild.owner_id, general) == ALL
    assert channel_permissions(world, "1", general) == 0
    dm = world.dm_channel(member.id)
    assert world.dm_channel(member.id) is dm
    assert channel_permissions(world, member.id, dm) == DIRECT_MESSAGE
    assert channel_permissions(world, world.guild.owner_id, dm) == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_size_of_an_image_is_read_from_its_header(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "picture"
    Image.new("RGB", (640, 360), "red").save(path, kind)
    assert image_size(path) == (640, 360)


def test_a_lossless_and_a_transparent_webp_have_sizes_too(tmp_path: Path) -> None:
    for options in ({"lossless": True}, {"lossless": False, "exif": b"Exif\0\0"}):
        buffer = io.BytesIO()
        Image.new("RGBA", (641, 361), (1, 2, 3, 4)).save(buffer, "WEBP", **options)
        path = tmp_path / "picture"
        path.write_bytes(buffer.getvalue())
        assert image_size(path) == (641, 361)


@pytest.mark.parametrize(
    "data", [b"", b"x" * 100, b"\xff\xd8" + b"\xff\xe0\0\x04ab" * 9, b"RIFF" + b"x" * 40]
)
def test_what_is_no_image_has_no_size(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert image_size(path) is None


@pytest.mark.parametrize("name", ["video", "tạo-video", "वीडियो", "วิดีโอ", "生成", "a_b'c", "v" * 32])
def test_command_names_of_many_scripts_pass(name: str) -> None:
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["a b", "a.b", "a/b", "v" * 33, ""])
def test_other_command_names_do_not(name: str) -> None:
    assert not NAME.fullmatch(name)
