"""The cards file: what it may say, and the sentence for everything else."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.capabilities import Option
from bot.domain.errors import ConfigError
from bot.domain.remote import SubmitSafety
from bot.domain.video import Size
from bot.domain.webhooks import WebhookSecret
from bot.providers.card import Card, ModelCard
from bot.providers.card_file import parse_cards
from bot.providers.profile import FOLDER, profile_names

ROOT = Path(__file__).parent.parent.parent
SECRET = "sk-very-secret-0123456789"
ENVIRONMENT = {"MY_KEY": SECRET, "BAD_WEBHOOK": "whsec_*"}
FULL = """\
[[provider]]
name = "grok-1"
label = "Grok"
base_url = "https://api.example/v1"
key_env = "MY_KEY"
webhook_secret_env = "MY_KEY"
profile = "vllm-omni"
slots = 4
notes = "mine"
retired = 2026-09-24
allow_private = true
api_version = "v1"
safety = "list"
poll_first = 2.5
poll_longest = 30
deadline = 600

[[provider.model]]
name = "fast"
label = "The fast one"
sizes = ["1280x720", "720×1280"]
seconds = "1-3"
default_seconds = 2
price_per_second = 0.1
prompt_limit = 500
picture = true
last_picture = false

[[provider.model]]
name = "good"
seconds = [10, 5]

[[provider]]
name = "bare"
base_url = "http://127.0.0.1:8000/v1"
"""


def parse(text: str, environment: Mapping[str, str] = ENVIRONMENT, folder: Path = ROOT) -> list[Card]:
    return parse_cards(text, file="providers.toml", folder=folder, environment=environment)


def sentence(text: str, folder: Path = ROOT) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, folder=folder)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def provider(*lines: str) -> str:
    return "\n".join(["[[provider]]", 'name = "one"', 'base_url = "https://api.example/v1"', *lines])


def model(*lines: str, profile: str = "openai") -> str:
    return provider(f'profile = "{profile}"', "", "[[provider.model]]", *lines)


def test_everything_that_a_card_may_say_is_read() -> None:
    full, bare = parse(FULL)
    assert full == Card(
        name="grok-1",
        label="Grok",
        base_url="https://api.example/v1",
        key=SECRET,
        key_from="MY_KEY",
        webhook_secret=WebhookSecret.parse(SECRET),
        profile="vllm-omni",
        slots=4,
        notes="mine",
        retired=date(2026, 9, 24),
        allow_private=True,
        api_version="v1",
        safety=SubmitSafety.LIST,
        poll_first=2.5,
        poll_longest=30.0,
        deadline=600.0,
        models=(
            ModelCard(
                name="fast",
                label="The fast one",
                sizes=(Size(1280, 720), Size(720, 1280)),
                seconds=(1, 2, 3),
                default_seconds=2,
                price_per_second=Decimal("0.1"),
                prompt_limit=500,
                options={Option.PICTURE: True, Option.LAST_PICTURE: False},
            ),
            ModelCard(name="good", seconds=(5, 10)),
        ),
    )
    assert bare == Card(name="bare", base_url="http://127.0.0.1:8000/v1")


def test_the_shipped_example_is_right() -> None:
    text = (ROOT / "providers.example.toml").read_text(encoding="utf-8")
    cards = parse(text, {"RENTED_VIDEO_KEY": SECRET})
    assert [card.name for card in cards] == ["gpu-box", "rented"]
    everything = parse(
        re.sub(r"^# (?=\[\[|[a-z_]+ = )", "", text, flags=re.MULTILINE),
        dict.fromkeys(("RENTED_VIDEO_KEY", "RENTED_WEBHOOK", "AZURE_OPENAI_KEY"), SECRET),
    )
    assert [card.name for card in everything] == ["gpu-box", "rented", "azure"]


def test_a_profile_of_ones_own_is_found_beside_the_cards(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text((FOLDER / "preview.toml").read_text(encoding="utf-8"))
    [card] = parse(provider('profile = "mine.toml"'), folder=tmp_path)
    assert card.profile == str(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        pytest.param(
            "", 0, "providers.toml has no provider; write a table that begins with [[provider]].", id="empty"
        ),
        pytest.param("[[provider]\n", 0, "providers.toml is no valid TOML: ", id="no TOML"),
        pytest.param(
            'colour = "red"',
            1,
            "colour is unknown; allowed here: provider.",
            id="unknown at top",
        ),
        pytest.param(
            '[provider]\nname = "x"',
            1,
            "provider must be a list of tables: write each as [[provider]], with two brackets.",
            id="one bracket",
        ),
        pytest.param(
            '[[provider]]\nbase_url = "https://a.example"',
            1,
            "name of provider 1 is missing; it must be a text in quotes.",
            id="no name",
        ),
        pytest.param(
            '[[provider]]\n\nname = "Grok!"',
            3,
            "name of provider 1 is 'Grok!'; it may have a-z, 0-9 and \"-\", 40 of them at most.",
            id="name",
        ),
        pytest.param(
            provider() + "\n" + provider(),
            5,
            "name of provider 2 is 'one', as another provider's; every name may stand once.",
            id="name twice",
        ),
        pytest.param(
            provider("", f'key = "{SECRET}"'),
            5,
            "key of provider 1 must not stand here: no key belongs into this file; "
            'write key_env = "MY_VIDEO_KEY" and put MY_VIDEO_KEY=... into .env or the environment.',
            id="the key itself",
        ),
        pytest.param(
            provider(f'key_env = "{SECRET}"'),
            4,
            "key_env of provider 'one' must be the name of a variable, "
            'such as "MY_VIDEO_KEY", never the key itself.',
            id="the key as its name",
        ),
        pytest.param(
            provider('key_env = "OTHER_KEY"'),
            4,
            "key_env of provider 'one' names OTHER_KEY, which is not set; set it in .env or the environment.",
            id="no key",
        ),
        pytest.param(
            provider("slot = 2"),
            4,
            "slot of provider 'one' is unknown; allowed here: name, label, base_url, key_env, profile, ",
            id="unknown key",
        ),
        pytest.param(
            '[[provider]]\nname = "one"\nbase_url = "https://api.example/v1/videos"',
            3,
            "base_url of provider 'one' is wrong: ",
            id="address",
        ),
        pytest.param(
            provider('profile = "soar"'),
            4,
            "profile of provider 'one' is 'soar'; "
            f'allowed: {", ".join(profile_names())}, or the path of a ".toml" file.',
            id="profile",
        ),
        pytest.param(
            provider('profile = "none.toml"'),
            4,
            "profile of provider 'one' names ",
            id="profile's file",
        ),
        pytest.param(
            provider('webhook_secret_env = "BAD_WEBHOOK"'),
            4,
            "webhook_secret_env of provider 'one' names a secret that cannot be used: ",
            id="webhook secret",
        ),
        pytest.param(
            provider("slots = 0"),
            4,
            "slots of provider 'one' is 0; it must be 1 or more.",
            id="slots",
        ),
        pytest.param(
            provider('retired = "soon"'),
            4,
            "retired of provider 'one' must be a day, written \"2026-09-24\".",
            id="day",
        ),
        pytest.param(
            provider('allow_private = "yes"'),
            4,
            "allow_private of provider 'one' must be true or false.",
            id="flag",
        ),
        pytest.param(
            provider('safety = "good"'),
            4,
            "safety of provider 'one' is 'good'; allowed: key, list, none.",
            id="safety",
        ),
        pytest.param(
            provider('profile = "newapi"', 'safety = "list"'),
            5,
            "safety of provider 'one' is \"list\", but the profile 'newapi' has no list.",
            id="list that is none",
        ),
        pytest.param(
            provider('safety = "key"'),
            4,
            "safety of provider 'one' is \"key\", but the profile 'openai' names no key_header.",
            id="key without header",
        ),
        pytest.param(
            provider("poll_first = 30", "poll_longest = 10"),
            5,
            "poll_longest of provider 'one' is 10; it must be 30 or more.",
            id="pace",
        ),
        pytest.param(
            provider("model = 3"),
            4,
            "model of provider 'one' must be a list of tables: "
            "write each as [[provider.model]], with two brackets.",
            id="no model table",
        ),
        pytest.param(
            model('name = "a"', "", "[[provider.model]]", 'name = "a"'),
            10,
            "name of model 2 of provider 'one' is 'a', as another model's; every name may stand once.",
            id="model twice",
        ),
        pytest.param(
            model('sizes = ["big"]'),
            7,
            "sizes of model 1 of provider 'one' must be a list of sizes like \"1280x720\".",
            id="size",
        ),
        pytest.param(
            model("seconds = []"),
            7,
            "seconds of model 1 of provider 'one' must be a list like [4, 8, 12] "
            'or a range like "1-10", from 1 to 600.',
            id="no seconds",
        ),
        pytest.param(
            model('seconds = "10-1"'),
            7,
            "seconds of model 1 of provider 'one' must be a list ",
            id="range",
        ),
        pytest.param(
            model('seconds = "1-10"', "default_seconds = 12"),
            8,
            "default_seconds of model 1 of provider 'one' is 12; allowed: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10.",
            id="default",
        ),
        pytest.param(
            model("default_seconds = 5"),
            7,
            "default_seconds of model 1 of provider 'one' is 5; allowed: 4, 8, 12.",
            id="default of the profile",
        ),
        pytest.param(
            model('price_per_second = "cheap"'),
            7,
            "price_per_second of model 1 of provider 'one' must be a number such as 0.1",
            id="price",
        ),
        pytest.param(
            model("seed = 1"),
            7,
            "seed of model 1 of provider 'one' must be true or false.",
            id="option",
        ),
        pytest.param(
            model("negative = true", profile="azure"),
            7,
            "negative of model 1 of provider 'one' is true, "
            "but the profile 'azure' has no field to send it in.",
            id="option without a field",
        ),
        pytest.param(
            model("seeds = true"),
            7,
            "seeds of model 1 of provider 'one' is unknown; allowed here: name, label, sizes, seconds, ",
            id="unknown in a model",
        ),
        pytest.param(
            provider("[provider.pace]", "first = 3"),
            4,
            "pace of provider 'one' is unknown; ",
            id="unknown table",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(text: str, line: int, expected: str) -> None:
    said = sentence(text)
    if line:
        expected = f"providers.toml, line {line}: {expected}"
    assert said.startswith(expected)
    assert not expected.endswith(".") or said == expected


def test_a_line_is_found_in_the_right_one_of_several_tables() -> None:
    text = FULL + '\n[[provider.model]] # the second\nname = "x"\nsizes = [\n  "wide",\n]\n'
    line = text.splitlines().index("sizes = [") + 1
    assert sentence(text).startswith(
        f"providers.toml, line {line}: sizes of model 1 of provider 'bare' must "
    )


def test_a_broken_profile_of_ones_own_names_its_file(tmp_path: Path) -> None:
    dynamo = (FOLDER / "dynamo.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(
        dynamo.replace("probe =", 'list = "/videos"\nprobe ='), encoding="utf-8"
    )
    said = sentence(provider('profile = "mine.toml"', 'safety = "list"'), folder=tmp_path)
    assert said.endswith(
        'is "list", but without routes.poll the list cannot hold what is still being rendered.'
    )
    (tmp_path / "mine.toml").write_text("[routes]\n")
    said = sentence(provider('profile = "mine.toml"'), folder=tmp_path)
    assert said.startswith("mine.toml: routes.create is missing")
