import re
from pathlib import Path

import pytest

from bot.config import Settings, load_settings, read_environment
from bot.domain.errors import ConfigError

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_is_required_to_start_looking_around() -> None:
    settings = load_settings()
    assert settings.database == "sqlite:///data/reelbot.db"
    assert settings.video_api_base_url is None


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=from-file\nDISCORD_GUILD_IDS=1, 2\nLOG_FORMAT=json\n")
    monkeypatch.setenv("LOG_FORMAT", "text")
    settings = load_settings()
    assert settings.require_token() == "from-file"
    assert settings.discord_guild_ids == (1, 2)
    assert settings.log_format == "text"


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.discord_guild_ids == ()
    assert settings.log_level is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_API_URL", "discord.com"),
        ("VIDEO_API_BASE_URL", "file:///etc/passwd"),
        ("VIDEO_API_SLOTS", "0"),
        ("AZURE_OPENAI_ENDPOINT", "my-resource"),
        ("DISCORD_GUILD_IDS", "my server"),
        ("ORIGINALS", "everywhere"),
        ("MACHINE", "my machine"),
        ("MACHINE", "m" * 61),
        ("MACHINE", "caf\u00e9"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        load_settings()


@pytest.mark.parametrize(
    ("endpoint", "base_url"),
    [
        ("https://me.openai.azure.com/", "https://me.openai.azure.com/openai/v1"),
        ("https://me.openai.azure.com", "https://me.openai.azure.com/openai/v1"),
        ("https://me.openai.azure.com/openai/v1", "https://me.openai.azure.com/openai/v1"),
    ],
)
def test_an_azure_resource_becomes_a_video_api(endpoint: str, base_url: str) -> None:
    api = load_settings({"azure_openai_endpoint": endpoint, "azure_openai_key": "azure-secret"}).short_api
    assert api is not None
    assert (api.base_url, api.profile, api.key_from) == (base_url, "azure", "AZURE_OPENAI_KEY")
    assert "azure-secret" not in repr(api)


def test_the_cards_file_is_the_named_one_or_the_usual_one_if_it_is_there(tmp_path: Path) -> None:
    assert load_settings().cards_file is None
    assert not load_settings().names_video_api
    (tmp_path / "providers.toml").touch()
    assert load_settings().cards_file == Path("providers.toml")
    assert load_settings().names_video_api
    assert load_settings({"providers_file": "other.toml"}).cards_file == Path("other.toml")
    assert load_settings({"providers_file": None}).cards_file is None


def test_the_environment_of_cards_is_the_file_below_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("My_Key=from-file\nOTHER_KEY=from-file\nEMPTY\n")
    monkeypatch.setenv("OTHER_KEY", "from-environment")
    found = read_environment()
    assert (found["My_Key"], found["OTHER_KEY"]) == ("from-file", "from-environment")
    assert "EMPTY" not in found


@pytest.mark.parametrize(
    ("host", "machine"),
    [
        ("mill-2.example", "mill-2.example"),
        ("my_pc \u00e9", "my-pc--"),
        ("h" * 100, "h" * 60),
        ("", "this-machine"),
    ],
)
def test_a_machine_is_called_as_its_host_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, host: str, machine: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)
    home = load_settings({"originals": "own"}).home
    assert (home.machine, home.kept_on) == (machine, machine)
    assert load_settings({"machine": "mill"}).home.kept_on is None
    assert load_settings({"machine": "mill", "originals": "own"}).home.kept_on == "mill"


def test_without_a_token_the_sentence_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="reelbot sandbox"):
        load_settings().require_token()


def test_secrets_do_not_show_in_a_printed_setting() -> None:
    assert "hunter2" not in repr(load_settings({"discord_token": "hunter2-token"}))


def test_the_example_lists_every_setting_with_a_line_of_its_own() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}
    assert text.startswith("#")
