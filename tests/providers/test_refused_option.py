"""A refusal that names an option teaches what the model does not take."""

from typing import Any

import pytest

from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.codes import Code
from bot.domain.errors import ContentRejected, ProviderError, UnsupportedRequest
from bot.providers.refused_option import RefusedOptions, refused_option
from tests.factories import make_capabilities, make_request
from tests.providers.wire import Wire, answer

SENT = {
    Option.SEED: "options.seed",
    Option.NEGATIVE: "negative_prompt",
    Option.PICTURE: "frame_images",
    Option.LAST_PICTURE: "frame_images",
}
FASTAPI = {
    "detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]
}
OPENAI = {"error": {"message": "Unknown parameter: 'seed'.", "param": "seed", "code": "unknown_parameter"}}


@pytest.mark.parametrize(
    ("error", "option"),
    [
        pytest.param(OPENAI, Option.SEED, id="OpenAI"),
        pytest.param(FASTAPI, Option.SEED, id="FastAPI"),
        pytest.param("negative_prompt is not supported by this model", Option.NEGATIVE, id="a sentence"),
        pytest.param({"error": "this model doesn't support `seed`"}, Option.SEED, id="doesn't"),
        pytest.param({"error": "frame_images are unsupported"}, Option.PICTURE, id="the first of two"),
        pytest.param({"error": "frame_images: last_frame unknown"}, Option.LAST_PICTURE, id="the last"),
        pytest.param({"error": "unknown parameter: seeds"}, None, id="another word"),
        pytest.param({"error": "unknown: seed, negative_prompt"}, None, id="two: nobody knows which"),
        pytest.param({"error": "seed must be between 0 and 99"}, None, id="a value"),
        pytest.param({"error": "frame_images: image/webp is not supported"}, None, id="a file type"),
        pytest.param({"error": "invalid seed"}, None, id="no complaint about the option"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_only_a_refused_option_is_learnt(error: object, option: Option | None) -> None:
    assert refused_option(error, SENT) is option


def test_what_was_not_sent_was_not_refused() -> None:
    assert refused_option(OPENAI, {Option.AUDIO: "audio"}) is None


def test_what_was_learnt_lies_on_top_of_what_is_known() -> None:
    refused = RefusedOptions()
    refused.add("preview", Option.SEED)
    refused.add("preview", Option.AUDIO)
    model = refused.on_top_of(make_capabilities())
    for option in (Option.SEED, Option.AUDIO):
        assert model.known(option) == Known(Support.NO, Source.LEARNT)
    other = make_capabilities(model="other")
    assert refused.on_top_of(other) is other


async def refuse(status: int, error: Any, **wanted: Any) -> tuple[ProviderError, Known]:
    wire = Wire(answer(status, error))
    api = wire.api("preview", model="m")
    with pytest.raises(ProviderError) as caught:
        await api.submit(make_request(model="m", **wanted), picture=None, key="job-1")
    assert len(wire.requests) == 1
    found = api.capabilities("m")
    assert found == api.models[0]
    assert found is not None
    return caught.value, found.known(Option.SEED)


@pytest.mark.parametrize(("status", "error"), [(400, OPENAI), (422, FASTAPI)])
async def test_an_api_that_refuses_an_option_is_not_offered_it_again(status: int, error: object) -> None:
    refusal, seed = await refuse(status, error, seed=7)
    assert type(refusal) is UnsupportedRequest
    assert refusal.code is Code.OPTION_UNSUPPORTED
    assert refusal.facts == {"option": "seed", "model": "m"}
    assert seed == Known(Support.NO, Source.LEARNT)


@pytest.mark.parametrize(
    ("status", "error", "wanted", "kind"),
    [
        pytest.param(400, OPENAI, {}, UnsupportedRequest, id="not sent"),
        pytest.param(404, OPENAI, {"seed": 7}, UnsupportedRequest, id="another status"),
        pytest.param(
            400,
            {"error": {"code": "moderation_blocked", "message": "unsupported seed"}},
            {"seed": 7},
            ContentRejected,
            id="moderated",
        ),
    ],
)
async def test_other_refusals_teach_nothing(
    status: int, error: object, wanted: dict[str, Any], kind: type[ProviderError]
) -> None:
    refusal, seed = await refuse(status, error, **wanted)
    assert type(refusal) is kind
    assert refusal.code is not Code.OPTION_UNSUPPORTED
    assert seed == Known(Support.YES, Source.PROFILE)
