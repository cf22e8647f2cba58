"""The configured providers: cards in, providers out, or a sentence; and what happens when cards change."""

import base64
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.capabilities import Option, Source, Support
from bot.domain.errors import ConfigError, UnsupportedRequest
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.webhooks import WebhookSecret
from bot.ports_provider import ProviderCatalog
from bot.providers.card import Card, ModelCard
from bot.providers.catalog import open_catalog
from bot.providers.profile import profile_names
from tests.factories import make_request
from tests.providers.wire import KEY, MP4, Wire, answer

TODAY = date(2026, 11, 21)


def card(**changes: Any) -> Card:
    fields: dict[str, Any] = {"name": "one", "base_url": "https://api.example/v1", "key": KEY}
    return Card(**{**fields, "profile": "preview", **changes})


def models(*names: str) -> tuple[ModelCard, ...]:
    return tuple(ModelCard(name=name) for name in names)


async def test_the_first_card_is_the_default_and_each_is_found_by_name() -> None:
    async with open_catalog([card(), card(name="two", models=models("m2"))]) as opened:
        catalog: ProviderCatalog = opened
        assert catalog.default().name == "one"
        assert [provider.name for provider in catalog.all()] == ["one", "two"]
        second = catalog.get("two")
        assert second is not None
        assert second.models[0].model == "m2"
        assert catalog.get("three") is None


@pytest.mark.parametrize(
    ("key", "sent"),
    [(KEY, f"Bearer {KEY}"), (f" {KEY}\n", f"Bearer {KEY}"), (None, None), ("", None), ("  ", None)],
)
async def test_the_key_is_sent_without_the_spaces_around_it(key: str | None, sent: str | None) -> None:
    wire = Wire(answer(200, []))
    async with open_catalog([card(key=key)], transport=wire) as catalog:
        await catalog.default().probe()
    assert wire.requests[0].headers.get("authorization") == sent


@pytest.mark.parametrize(
    ("cards", "sentence"),
    [
        pytest.param([], "No video API is configured; set VIDEO_API_BASE_URL or PROVIDERS_FILE.", id="none"),
        pytest.param([card(), card()], "Two providers are called 'one'; ", id="twice"),
        pytest.param([card(base_url="nowhere")], "The base URL of 'one' is wrong: ", id="address"),
        pytest.param(
            [card(profile="soar")],
            f"There is no profile 'soar'; allowed: {', '.join(profile_names())}",
            id="profile",
        ),
        pytest.param(
            [card(key="sk-a\nsk-b")],
            "The key of 'one' is wrong: it has spaces or unusual characters inside.",
            id="two keys",
        ),
        pytest.param([card(key="sk-ä")], "The key of 'one' is wrong: ", id="key not ASCII"),
    ],
)
async def test_wrong_cards_get_one_sentence(cards: list[Card], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        async with open_catalog(cards):
            pass
    assert str(caught.value).startswith(sentence)


def test_a_card_does_not_show_its_key() -> None:
    assert KEY not in repr(card())


async def test_what_a_card_says_stands_above_its_profile() -> None:
    own = card(slots=7, safety=SubmitSafety.NONE, poll_first=30.0, deadline=60.0, api_version="v9")
    wire = Wire(answer(200, []))
    async with open_catalog([own], transport=wire) as catalog:
        provider = catalog.default()
        assert (provider.slots, provider.submit_safety) == (7, SubmitSafety.NONE)
        assert provider.pace == PollPace(first=30.0, longest=30.0, deadline=60.0)
        await provider.probe()
    assert wire.requests[0].url.query == b"api-version=v9"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fast", ("one", "fast")),
        (" FAST ", ("one", "fast")),
        ("two/fast", ("two", "fast")),
        ("The Good One", ("one", "good")),
        ("only-old", ("old", "only-old")),
        ("shared", ("two", "shared")),
        ("nothing", None),
    ],
)
async def test_a_model_is_found_as_members_write_it_and_the_open_one_first(
    wanted: str, found: tuple[str, str] | None
) -> None:
    cards = [
        card(name="old", models=models("shared", "only-old"), retired=date(2020, 1, 1)),
        card(models=(ModelCard(name="fast"), ModelCard(name="good", label="The good one"))),
        card(name="two", models=models("fast", "shared")),
    ]
    async with open_catalog(cards) as catalog:
        match = catalog.find(wanted)
        assert (match and (match[0].name, match[1].model)) == found
        assert catalog.default().name == "one"


async def test_the_secret_of_webhooks_is_known_by_the_name_of_the_card() -> None:
    secret = WebhookSecret.parse("whsec_c2VjcmV0c2VjcmV0c2VjcmV0")
    async with open_catalog([card(webhook_secret=secret), card(name="two")]) as catalog:
        found = [catalog.webhook_secret(name) for name in ("one", "two", "three")]
    assert found == [secret, None, None]


async def test_a_card_is_retired_on_its_day_and_not_before() -> None:
    own = card(retired=TODAY)
    async with open_catalog([card()]) as catalog:
        await catalog.put([own], today=date(2026, 11, 20))
        assert catalog.default().retired is None
        await catalog.put([own], today=TODAY)
        assert catalog.default().retired == "2026-11-21"


async def test_an_unchanged_card_keeps_its_provider_and_a_changed_one_gets_another() -> None:
    one, two = card(), card(name="two")
    async with open_catalog([one, two]) as catalog:
        before = {provider.name: provider for provider in catalog.all()}
        catalog.changed.clear()
        await catalog.put([one, two], today=TODAY)
        assert not catalog.changed.is_set()
        await catalog.put([one, replace(two, label="Two")], today=TODAY)
        assert catalog.changed.is_set()
        assert catalog.get("one") is before["one"]
        changed = catalog.get("two")
        assert changed is not None
        assert changed is not before["two"]
        assert changed.label == "Two"


async def test_the_replaced_provider_still_brings_home_what_runs_on_it() -> None:
    wire = Wire(answer(200, {"id": "v", "status": "in_progress", "object": "video"}))
    async with open_catalog([card()], transport=wire) as catalog:
        old = catalog.default()
        await catalog.put([card(label="Other")], today=TODAY)
        assert (await old.poll("v")).id == "v"


async def test_an_api_that_moves_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire(answer(200, {"id": "v", "status": "in_progress", "object": "video"}))
    async with open_catalog([card()], transport=wire) as catalog:
        await catalog.put([card(label="Other")], today=TODAY)
        assert not caplog.records
        await catalog.put([card(base_url="http://10.0.0.7/v1")], today=TODAY)
        assert (await catalog.default().poll("v")).id == "v"
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "the video API 'one' is at http"
    ]
    assert str(wire.requests[0].url) == "http://10.0.0.7/v1/videos/v"


async def test_an_order_that_is_under_way_during_a_change_of_the_card_is_not_lost(tmp_path: Path) -> None:
    """The answer of a synchronous API comes to the old provider, and the job asks the new one."""
    inside = {"data": [{"b64_json": base64.b64encode(MP4).decode()}]}
    wire = Wire(answer(200, inside))
    own = card(profile="dynamo")
    async with open_catalog([own], transport=wire) as catalog:
        old = catalog.default()
        await catalog.put([replace(own, label="Other")], today=TODAY)
        video = await old.submit(make_request(), picture=None, key="k")
        await catalog.put([replace(own, retired=TODAY)], today=TODAY)
        assert await catalog.default().poll(video.id) == video
        assert await catalog.default().download(video, into=tmp_path / "v", limit=1000) == len(MP4)
    assert len(wire.requests) == 1


async def test_a_vanished_card_takes_no_orders_but_keeps_its_jobs() -> None:
    one, two = card(models=models("a")), card(name="two", models=models("b"))
    async with open_catalog([one, two]) as catalog:
        await catalog.put([two], today=TODAY)
        assert [provider.name for provider in catalog.all()] == ["two", "one"]
        gone = catalog.get("one")
        assert gone is not None
        assert gone.retired == "2026-11-21"
        assert catalog.default().name == "two"
        await catalog.put([two, one], today=date(2026, 11, 22))
        back = catalog.get("one")
        assert back is not None
        assert back.retired is None


@pytest.mark.parametrize(
    "wrong",
    [[], [card(), card()], [card(name="new"), card(base_url="nowhere")]],
    ids=["none", "twice", "second wrong"],
)
async def test_wrong_new_cards_change_nothing(wrong: list[Card]) -> None:
    async with open_catalog([card(), card(name="two")]) as catalog:
        before = catalog.all()
        with pytest.raises(ConfigError):
            await catalog.put(wrong, today=TODAY)
        assert catalog.all() == before


LISTED = {
    "id": "veo",
    "supported_durations": [4, 6, 8],
    "supported_resolutions": ["720p"],
    "supported_aspect_ratios": ["16:9"],
    "supported_frame_images": ["first_frame"],
    "seed": True,
    "generate_audio": True,
}


async def test_what_an_api_tells_stands_between_its_profile_and_its_card() -> None:
    own = card(
        profile="openrouter", models=(ModelCard(name="veo", seconds=(6,), options={Option.SEED: False}),)
    )
    wire = Wire(answer(200, {"data": [LISTED]}))
    async with open_catalog([own], transport=wire) as catalog:
        before = catalog.default().models[0]
        assert before.sizes_from is Source.PROFILE
        await catalog.discover()
        veo = catalog.default().models[0]
    assert [str(size) for size in veo.sizes] == ["1280x720"]
    assert (veo.sizes_from, veo.seconds, veo.seconds_from) == (Source.DISCOVERED, (6,), Source.CARD)
    assert veo.default_seconds == 6
    assert [(veo.known(option).support, veo.known(option).source) for option in Option] == [
        (Support.YES, Source.DISCOVERED),
        (Support.NO, Source.DISCOVERED),
        (Support.NO, Source.CARD),
        (Support.NO, Source.PROFILE),  # there is no field for it, whoever knows it
        (Support.YES, Source.DISCOVERED),
    ]


async def test_the_usual_size_stays_the_default_among_many() -> None:
    shapes = {"supported_resolutions": ["360p", "720p"], "supported_aspect_ratios": ["1:1", "9:16", "16:9"]}
    many = {**LISTED, **shapes}
    own = card(profile="openrouter", models=models("veo"))
    async with open_catalog([own], transport=Wire(answer(200, {"data": [many]}))) as catalog:
        await catalog.discover()
        sizes = list(map(str, catalog.default().models[0].sizes))
    assert sizes == ["1280x720", "720x1280", "360x360", "360x640", "640x360", "720x720"]


async def test_an_api_that_does_not_tell_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    own = card(profile="openrouter", models=models("veo"))
    async with open_catalog([own], transport=Wire(answer(401, {"error": {"message": "no"}}))) as catalog:
        before = catalog.default()
        await catalog.discover()
        assert catalog.default() is before
    assert "what the models of the video API 'one' take is not known" in caplog.text


async def test_a_mistake_with_one_list_keeps_no_other_from_being_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cards = [card(name=name, profile="openrouter", models=models("veo")) for name in ("one", "two")]
    wire = Wire(RuntimeError("a mistake of ours"), answer(200, {"data": [LISTED]}))
    async with open_catalog(cards, transport=wire) as catalog:
        await catalog.discover()
        read = [provider.models[0].seconds_from for provider in catalog.all()]
    assert sorted(read) == [Source.DISCOVERED, Source.PROFILE]
    assert "a mistake of ours" in caplog.text


async def test_a_model_that_the_list_does_not_have_is_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = card(profile="openrouter", models=models("voe"))
    async with open_catalog([own], transport=Wire(answer(200, {"data": [LISTED]}))) as catalog:
        await catalog.discover()
    assert "the list of the video API 'one' has no model 'voe'" in caplog.text


async def test_what_was_learnt_from_a_refusal_outlives_a_change_of_the_card() -> None:
    wire = Wire(answer(400, {"error": {"message": "Unknown parameter: 'seed'.", "param": "seed"}}))
    own = card(models=(ModelCard(name="m", options={Option.SEED: True}),))
    async with open_catalog([own], transport=wire) as catalog:
        known = catalog.default().models[0].known(Option.SEED)
        assert (known.support, known.source) == (Support.YES, Source.CARD)
        with pytest.raises(UnsupportedRequest):
            await catalog.default().submit(make_request(model="m", seed=7), picture=None, key="k")
        await catalog.put([replace(own, label="Other")], today=TODAY)
        known = catalog.default().models[0].known(Option.SEED)
        assert (known.support, known.source) == (Support.NO, Source.LEARNT)
        await catalog.put([replace(own, base_url="https://other.example/v1")], today=TODAY)
        known = catalog.default().models[0].known(Option.SEED)
        assert (known.support, known.source) == (Support.YES, Source.CARD)
