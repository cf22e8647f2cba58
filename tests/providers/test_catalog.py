"""The configured providers: cards in, providers out, or a sentence."""

import pytest

from bot.domain.errors import ConfigError
from bot.ports_provider import ProviderCatalog
from bot.providers.catalog import Card, open_catalog, short_cards
from tests.providers.wire import KEY, Wire, answer


def card(**changes: str | None) -> Card:
    fields: dict[str, str | None] = {"name": "one", "base_url": "https://api.example/v1", "key": KEY}
    return Card(**{**fields, "profile": "preview", **changes})  # type: ignore[arg-type]  # a test may say None


async def test_the_first_card_is_the_default_and_each_is_found_by_name() -> None:
    async with open_catalog([card(), card(name="two", model="m2")]) as opened:
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
        pytest.param([], "No video API is configured; set VIDEO_API_BASE_URL.", id="none"),
        pytest.param([card(), card()], "Two providers are called 'one'; ", id="twice"),
        pytest.param([card(base_url="nowhere")], "The base URL of 'one' is wrong: ", id="address"),
        pytest.param(
            [card(profile="soar")],
            "There is no profile 'soar'; allowed: openai, preview, vllm-omni.",
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


@pytest.mark.parametrize(
    ("models", "cards"),
    [
        pytest.param([], [("preview", "")], id="no model"),
        pytest.param(["a"], [("a", "a")], id="one"),
        pytest.param(["a", "b", "a"], [("a", "a"), ("b", "b")], id="two, one twice"),
    ],
)
def test_the_short_settings_make_one_card_a_model(models: list[str], cards: list[tuple[str, str]]) -> None:
    built = short_cards(base_url="https://api.example/v1", key=None, profile="preview", models=models)
    assert [(card.name, card.model) for card in built] == cards
