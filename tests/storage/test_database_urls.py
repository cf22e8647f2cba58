"""DATABASE_URL: what it may say, and the sentence for what it may not."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from storage.database import open_database, sqlite_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/reelbot.db", "data/reelbot.db"),
        ("sqlite:////srv/reelbot.db", "/srv/reelbot.db"),
        ("sqlite:///C:/bots/reelbot.db", "C:/bots/reelbot.db"),
        ("sqlite:///a b/ä%20#.db", "a b/ä%20#.db"),
    ],
    ids=["relative", "absolute", "windows", "odd characters"],
)
def test_a_url_names_its_file(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://bot:s3cret@db/reelbot", "must look like"),
        ("sqlite://reelbot.db", "must look like"),
        ("data/reelbot.db", "must look like"),
        ("", "must look like"),
        ("sqlite:///", "must name a file"),
        ("sqlite:///data/", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///data/\0.db", "must name a file"),
        ("sqlite:///data/s3cret.db?mode=ro", "no options"),
    ],
)
async def test_a_wrong_url_gets_one_sentence_that_does_not_repeat_it(url: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        await open_database(url)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


async def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="add a file name"):
        await open_database(f"sqlite:///{tmp_path}")


async def test_missing_folders_are_made(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/a/b/reelbot.db")
    await database.close()
    assert (tmp_path / "a/b/reelbot.db").is_file()
