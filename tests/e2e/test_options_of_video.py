"""Two models on two cards: what is suggested, what is sent, and the question how a picture fits."""

import io
from typing import Any

import pytest
from PIL import Image

from bot.config import Settings, load_settings
from bot.domain.states import JobState
from bot.domain.video import Size
from tests.actor import Message, picture_option, short_id_of
from tests.e2e.conftest import Stage
from tests.e2e.test_video_command import facts_of, first_frame

CARDS = """
[[provider]]
name = "wide"
label = "Wide house"
base_url = "{base}"
profile = "preview"

[[provider.model]]
name = "landscape"
label = "Landscape"
sizes = ["1280x720"]
seconds = [4, 8]
default_seconds = 4
picture = true
seed = true
negative = false
audio = false
last_picture = false

[[provider]]
name = "tall"
label = "Tall house"
base_url = "{base}"
profile = "preview"

[[provider.model]]
name = "portrait"
label = "Portrait"
sizes = ["720x1280"]
seconds = [4, 12]
default_seconds = 4
picture = false
seed = false
negative = true
audio = false
last_picture = false
"""


@pytest.fixture
async def two_cards(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Start the bot anew with two cards of one API."""
    await restart(stage, monkeypatch)
    return stage


async def restart(stage: Stage, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    file = stage.tmp_path / "cards.toml"
    file.write_text(CARDS.format(base=stage.base_url), encoding="utf-8")

    def settings() -> Settings:
        return load_settings(
            {
                "discord_token": stage.sandbox.token,
                "discord_api_url": stage.sandbox.discord_api_url,
                "discord_gateway_url": stage.sandbox.discord_gateway_url,
                "data_dir": stage.tmp_path / "data",
                "providers_file": file,
                **more,
            }
        )

    await stage.stop_bot()
    monkeypatch.setattr(stage, "settings", settings)
    await stage.start_bot()


async def suggested(stage: Stage, option: str, typed: str = "", **options: Any) -> list[Any]:
    owner = stage.owner
    wish = {"command": "video", "option": option, "value": typed, "options": options}
    choices = await owner.call(
        "POST", "autocomplete", wish | {"user_id": owner.user_id, "channel_id": owner.world["channel_id"]}
    )
    return [(choice["name"], choice["value"]) for choice in choices]


def square() -> Any:
    """Paint a green picture with a red top and a blue bottom, which a crop to a wide frame cuts off."""
    image = Image.new("RGB", (900, 900), (0, 255, 0))
    image.paste((255, 0, 0), (0, 0, 900, 150))
    image.paste((0, 0, 255), (0, 750, 900, 900))
    data = io.BytesIO()
    image.save(data, "PNG")
    return picture_option(data.getvalue())


async def question(stage: Stage, command: str = "video", **options: Any) -> Message:
    answer = await stage.owner.invoke(command, **options)
    assert answer.get("error") is None, answer
    shown = await stage.owner.until(answer["message"]["id"], lambda message: bool(message["embeds"]))
    assert shown["flags"] & 64, "for the member alone"
    return shown


async def test_suggestions_follow_the_chosen_model(two_cards: Stage) -> None:
    assert await suggested(two_cards, "model") == [
        ("Landscape · Wide house", "wide/landscape"),
        ("Portrait · Tall house", "tall/portrait"),
    ]
    assert await suggested(two_cards, "size") == [("Wide (1280×720)", "1280x720")]
    assert await suggested(two_cards, "size", model="tall/portrait") == [("Tall (720×1280)", "720x1280")]
    assert await suggested(two_cards, "seconds", "1", model="tall/portrait") == [("12 seconds", 12)]


async def test_the_commands_follow_a_card_that_is_taken_out_while_the_bot_runs(two_cards: Stage) -> None:
    async def options() -> set[str]:
        commands = await two_cards.owner.call("GET", "commands")
        [video] = [command for command in commands if command["name"] == "video"]
        return {option["name"] for option in video["options"]}

    assert {"model", "negative", "seed"} <= await options()
    file = two_cards.tmp_path / "cards.toml"
    first, _, _ = file.read_text(encoding="utf-8").rpartition("[[provider]]")
    file.write_text(first, encoding="utf-8")

    async def followed() -> bool | None:
        return not {"model", "negative"} & await options() or None

    await two_cards.owner.eventually(followed, lambda: "the smaller command")
    assert "seed" in await options()
    status = await two_cards.owner.video("a red fox", seed=7, seconds=4)
    await two_cards.owner.result_of(status)


async def test_the_options_are_those_that_some_model_takes(two_cards: Stage) -> None:
    commands = {entry["name"]: entry for entry in await two_cards.owner.call("GET", "commands")}
    names = {option["name"] for option in commands["video"]["options"]}
    assert {"model", "seed", "negative", "image"} <= names
    assert not names & {"audio", "last_image"}
    assert {"animate", "Animate this picture"} <= set(commands)


async def test_the_chosen_model_makes_it(two_cards: Stage) -> None:
    status = await two_cards.owner.video("a city", model="tall/portrait", negative="people", seconds=4)
    assert "portrait" in status["content"]
    result = await two_cards.owner.result_of(status)
    assert facts_of(await two_cards.owner.download(result))["size"] == (720, 1280)
    job = await two_cards.job(short_id_of(result))
    assert (job.provider, job.request.model, job.request.negative) == ("tall", "portrait", "people")
    assert await two_cards.bought() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"model": "tall/portrait", "seed": 7}, "Portrait does not take a seed"),
        ({"negative": "people"}, "Landscape does not take a negative prompt"),
        ({"size": "720x1280"}, "Choose one of: 1280x720."),
        ({"seconds": 90}, "90 s are too long: up to 80 s can be joined of parts here."),
    ],
    ids=str,
)
async def test_what_a_model_does_not_take_costs_nothing(
    two_cards: Stage, options: dict[str, Any], sentence: str
) -> None:
    assert sentence in await two_cards.owner.refused("video", prompt="a city", **options)
    assert await two_cards.bought() == 0


@pytest.mark.parametrize(
    ("label", "corner", "top"),
    [
        ("1 · Crop", "green", "green"),
        ("2 · Bars", "bar", "red"),
        ("3 · Blurred edges", "blur", "red"),
    ],
)
async def test_the_member_chooses_how_the_picture_fits(
    two_cards: Stage, label: str, corner: str, top: str
) -> None:
    owner = two_cards.owner
    shown = await question(two_cards, prompt="it moves", image=square())
    assert [embed["title"] for embed in shown["embeds"]] == ["1 · Crop", "2 · Bars", "3 · Blurred edges"]
    assert all(embed["image"]["url"] for embed in shown["embeds"])
    assert await two_cards.bought() == 0
    pressed = await owner.click(shown, label)
    status = await owner.until(pressed["message"]["id"], lambda message: bool(message["content"]))
    assert not status["flags"] & 64
    result = await owner.result_of(status)
    frame = first_frame(await owner.download(result))
    assert name_of(frame[20, 640]) == top
    assert name_of(frame[360, 640]) == "green"
    assert (name_of(frame[360, 20]) == "green") is (corner in {"green", "blur"})
    assert await two_cards.bought() == 1
    assert await owner.message(shown["id"]) is None, "the question is answered and gone"


def name_of(pixel: Any) -> str:
    """Name a colour as far as lossy video leaves it recognisable."""
    red, green, blue = (int(value) for value in pixel)
    strongest = max((red, "red"), (green, "green"), (blue, "blue"))
    others = sum((red, green, blue)) - strongest[0]
    return strongest[1] if strongest[0] > 100 and others < strongest[0] else "none"


async def test_a_question_outlives_the_bot(two_cards: Stage) -> None:
    owner = two_cards.owner
    shown = await question(two_cards, prompt="it moves", image=square())
    await two_cards.stop_bot(kill=True)
    await two_cards.start_bot()
    pressed = await owner.click(shown, "1 · Crop")
    status = await owner.until(pressed["message"]["id"], lambda message: bool(message["content"]))
    result = await owner.result_of(status)
    job = await two_cards.job(short_id_of(result))
    assert job.request.size == Size(1280, 720)
    assert await two_cards.bought() == 1


async def test_cancelling_the_question_buys_nothing(two_cards: Stage) -> None:
    owner = two_cards.owner
    shown = await question(two_cards, prompt="it moves", image=square())
    await owner.click(shown, "Cancel")
    told = await owner.until(shown["id"], lambda message: not message["embeds"])
    assert told["content"] == "Nothing was ordered."
    assert told["components"] == []
    assert await two_cards.bought() == 0


async def test_a_picture_of_a_message_is_animated(two_cards: Stage) -> None:
    owner = two_cards.owner
    data = io.BytesIO()
    Image.new("RGB", (1600, 900), (200, 30, 30)).save(data, "PNG")
    posted = await owner.call(
        "POST",
        "messages",
        {
            "channel_id": owner.world["channel_id"],
            "user_id": owner.user_id,
            "content": "look",
            "attachments": [picture_option(data.getvalue())],
        },
    )
    menu = {"command": "Animate this picture", "message_id": posted["id"], "user_id": owner.user_id}
    answer = await owner.call("POST", "context", menu)
    (field,) = answer["modal"]["components"]
    values = {field["component"]["custom_id"]: "it snows"}
    sent = await owner.call("POST", "submit", {"interaction_id": answer["interaction_id"], "values": values})
    status = await owner.until(sent["message"]["id"], lambda message: bool(message["content"]))
    result = await owner.result_of(status)
    job = await two_cards.job(short_id_of(result))
    assert job.request.prompt == "it snows"
    assert job.request.picture is not None
    await owner.until(status["id"], lambda message: "✅" in message["content"])
    assert (await two_cards.job(job.short_id)).state is JobState.DELIVERED


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/p.png",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "no address",
    ],
)
async def test_an_address_that_is_not_public_is_refused_in_words(two_cards: Stage, address: str) -> None:
    told = await two_cards.owner.refused("video", prompt="it moves", image_url=address)
    assert told.startswith("The picture's address cannot be used: ")
    assert await two_cards.bought() == 0


async def test_what_was_made_before_is_offered_first(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await restart(stage, monkeypatch, result_cache=True)
    owner = stage.owner
    first = await owner.result_of(await owner.video("a city", seconds=4, seed=7))
    await owner.until(first["id"], lambda message: bool(message["attachments"]))
    job = await stage.job(short_id_of(first))
    await owner.eventually(lambda: delivered(stage, job.short_id))
    answer = await owner.invoke("video", prompt="a city", seconds=4, seed=7)
    assert answer.get("error") is None, answer

    async def offered() -> Message | None:
        last = (await owner.messages())[-1]
        return last if "made before" in last["content"] else None

    offer = await owner.eventually(offered)
    assert offer["content"].endswith(f"/{first['id']}")
    assert offer["flags"] & 64
    assert await stage.bought() == 1
    pressed = await owner.click(offer, "Make it anew")
    status = await owner.until(pressed["message"]["id"], lambda message: bool(message["content"]))
    await owner.result_of(status)
    assert await stage.bought() == 2


async def delivered(stage: Stage, short_id: str) -> bool | None:
    return (await stage.job(short_id)).state is JobState.DELIVERED or None
