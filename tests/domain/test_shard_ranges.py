"""`--shards`: what it takes, and the one sentence for what it does not."""

import pytest

from bot.domain.errors import ConfigError
from bot.domain.shards import Shards


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [
        ("0-3/16", (0, 1, 2, 3), 16),
        ("15/16", (15,), 16),
        (" 4-4/5 ", (4,), 5),
        ("0/1", (0,), 1),
    ],
)
def test_first_last_and_count_are_read(text: str, ids: tuple[int, ...], count: int) -> None:
    assert Shards.parse(text) == Shards(ids=ids, count=count)


@pytest.mark.parametrize("text", ["", "3", "0-3", "0,1/2", "-1/2", "0-1/2/3", "a-b/c", "٣/٤", "0-9999999/1"])
def test_another_form_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="must look like 0-3/16"):
        Shards.parse(text)


@pytest.mark.parametrize("text", ["4/4", "0-4/4", "3-2/16", "0/0"])
def test_shards_that_there_are_not_are_told(text: str) -> None:
    with pytest.raises(ConfigError, match="they count from 0"):
        Shards.parse(text)


def test_every_server_is_heard_by_one_process_and_direct_messages_by_the_first() -> None:
    processes = [Shards.parse(text) for text in ("0/4", "1-2/4", "3/4")]
    for number in range(40):
        guild_id = (number << 22) + 17
        assert [shards.hear(guild_id) for shards in processes].count(True) == 1
        assert processes[1].hear(guild_id) == (number % 4 in {1, 2})
    assert [shards.hear(None) for shards in processes] == [True, False, False]
