"""`reelbot doctor` against real servers: each way in which a video API can be wrong, and what is printed."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.commands import doctor
from bot.config import Settings, load_settings
from bot.domain.errors import BotError, ConfigError
from tests.providers.sites import Site

KEY = "sk-very-secret-0123456789"
PAGE = "<!doctype html><html><body>Welcome to nginx</body></html>"

CARDS = """\
[[provider]]
name = "one"
label = "Studio"
base_url = "{url}/v1"
key_env = "ONE_KEY"
{more}

[[provider.model]]
name = "fast"
label = "The fast one"
seconds = "1-10"
price_per_second = 0.1
seed = false
"""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / ".env").write_text(f"ONE_KEY={KEY}\n")


async def good(request: web.Request) -> web.StreamResponse:
    """Speak the OpenAI shape, with one key."""
    if request.method != "GET":
        raise AssertionError("a check may cost nothing")
    if not request.path.startswith("/v1/"):
        return web.json_response({"detail": "Not Found"}, status=404)
    if request.headers.get("Authorization") != f"Bearer {KEY}":
        return web.json_response({"error": {"message": "Incorrect API key provided"}}, status=401)
    if request.path == "/v1/models":
        return web.json_response({"data": [{"id": "fast"}, {"id": "good"}]})
    if request.path == "/v1/videos":
        return web.json_response({"data": [], "has_more": False})
    return web.json_response({"detail": "Not Found"}, status=404)


async def page(_: web.Request) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


async def run(*, provider: str | None = None, timeout: float = 15.0) -> None:
    await doctor.main(load_settings(), argparse.Namespace(provider=provider, timeout=timeout))


async def seen(
    handler: Handler,
    capsys: pytest.CaptureFixture[str],
    *,
    cards: str = CARDS,
    more: str = "",
    path: str = "",
    timeout: float = 15.0,
) -> tuple[str, str | None]:
    """Return what was printed, with the server's address as URL, and the sentence of the failure."""
    async with Site(handler) as site:
        Path("providers.toml").write_text(cards.format(url=site.url + path, more=more))
        failure = None
        try:
            await run(timeout=timeout)
        except BotError as error:
            failure = str(error)
        printed = capsys.readouterr().out
        assert KEY not in printed
        return printed.replace(site.url, "URL").rstrip("\n"), failure


HEAD = "one: URL/v1 (profile openai, key in ONE_KEY)"
TABLE = """\

  The fast one (fast)
    takes                                                     known from
    size          1280x720, 720x1280                          profile
    seconds       1-10 (4 where nobody chooses)               card
    picture       unknown: it is sent, the API may refuse it  profile
    last-picture  no                                          profile
    seed          no                                          profile
    negative      no                                          profile
    audio         no                                          profile
    prompt        4000 characters                             profile
    price         0.1 a second                                card"""
NO_KEY = "  problem  it wants a key, and its card names none (one answered 401: Incorrect API key provided)"
WRONG_PATH = (
    "  problem  URL/api is no video API (one answered 404: Not Found); check the base URL; "
    "perhaps it is URL/api/v1"
)
UNREADABLE = "its list of videos cannot be read (one shows no list: one answered 404: Not Found)"
FAILED = "there is a problem with 1 of 1 video APIs: one"


async def test_a_good_api(capsys: pytest.CaptureFixture[str]) -> None:
    printed, failure = await seen(good, capsys)
    assert failure is None
    assert (
        printed
        == f"""{HEAD}
  ok       it answers, and takes the key in ONE_KEY
  ok       the model "fast" is in its list
  ok       its list of videos can be read; it is not relied on
{TABLE}"""
    )


async def test_a_wrong_key(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text("ONE_KEY=sk-another-key-000000000\n")
    assert await seen(good, capsys) == (
        f"{HEAD}\n  problem  it refuses the key in ONE_KEY (one answered 401: Incorrect API key provided)",
        FAILED,
    )


async def test_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert await seen(good, capsys, cards=CARDS.replace('key_env = "ONE_KEY"\n', "")) == (
        f"{HEAD.replace(', key in ONE_KEY', '')}\n{NO_KEY}",
        FAILED,
    )


async def test_a_wrong_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert await seen(good, capsys, cards=CARDS.replace("/v1", "/api")) == (
        f"{HEAD.replace('/v1', '/api')}\n{WRONG_PATH}",
        FAILED,
    )


async def test_a_web_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert await seen(page, capsys) == (
        f"{HEAD}\n  problem  URL/v1 is no video API (one answered 200: a web page); check the base URL",
        FAILED,
    )


async def test_silence(capsys: pytest.CaptureFixture[str]) -> None:
    never = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await never.wait()
        raise AssertionError

    assert await seen(silent, capsys, timeout=0.3) == (
        f"{HEAD}\n  problem  URL/v1 did not answer within 0.3 s; is the address right, and is it up?",
        FAILED,
    )


async def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    Path("providers.toml").write_text(CARDS.format(url="http://127.0.0.1:9", more=""))
    with pytest.raises(BotError):
        await run()
    assert "  problem  one cannot be reached: " in capsys.readouterr().out


async def test_a_retired_model(capsys: pytest.CaptureFixture[str]) -> None:
    printed, failure = await seen(good, capsys, more='retired = "2020-09-24"')
    assert failure == FAILED
    assert printed.splitlines()[:3] == [
        HEAD,
        "  problem  its card retires it: it takes no orders since 2020-09-24",
        "  ok       it answers, and takes the key in ONE_KEY",
    ]


async def test_a_model_that_will_be_retired_works_until_then(capsys: pytest.CaptureFixture[str]) -> None:
    printed, failure = await seen(good, capsys, more='retired = "2999-01-01"')
    assert failure is None
    assert "  note     its card retires it: it takes no orders from 2999-01-01 on" in printed


async def test_a_model_that_the_api_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    printed, failure = await seen(good, capsys, cards=CARDS.replace('"fast"', '"fats"'))
    assert failure == FAILED
    assert '  problem  the model "fats" is not in its list: fast, good\n' in printed


@pytest.mark.parametrize(
    ("more", "finding", "failure"),
    [
        ("", f"  note     {UNREADABLE}", None),
        (
            'safety = "list"',
            f"  problem  {UNREADABLE}",
            FAILED,
        ),
        (
            'profile = "newapi"',
            "  note     it has no list of videos: a person decides about an order whose answer is lost",
            None,
        ),
    ],
    ids=["not needed", "needed", "none"],
)
async def test_the_list_of_videos_matters_where_it_is_relied_on(
    capsys: pytest.CaptureFixture[str], more: str, finding: str, failure: str | None
) -> None:
    async def unlisted(request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/videos":
            return web.json_response({"detail": "Not Found"}, status=404)
        return await good(request)

    printed, failed = await seen(unlisted, capsys, more=more)
    assert finding in printed.splitlines()
    assert failed == failure


async def test_what_is_discovered_is_told_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {
        "id": "fast",
        "supported_durations": [4],
        "supported_sizes": ["64x64"],
        "supported_frame_images": ["first_frame"],
        "seed": True,
        "pricing_skus": {"duration_seconds": "0.5"},
    }

    async def router(request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/videos/models":
            return web.json_response({"data": [listed]})
        return await good(request)

    cards = CARDS.replace("price_per_second = 0.1\nseed = false\n", "")
    printed, failure = await seen(router, capsys, cards=cards, more='profile = "openrouter"')
    assert failure is None
    assert "  ok       it tells what its models take" in printed
    rows = [line.split() for line in printed.splitlines() if line.startswith("    ")]
    known = {row[0]: (row[1], row[-1]) for row in rows}
    assert known["size"] == ("64x64", "discovered")
    assert known["seconds"] == ("1-10", "card")
    assert known["picture"] == ("yes", "discovered")
    assert known["last-picture"] == ("no", "discovered")
    assert known["seed"] == ("yes", "discovered")
    assert known["negative"] == ("no", "profile")
    assert known["price"] == ("0.5", "discovered")


@pytest.mark.parametrize(
    ("profile", "note"),
    [
        ("azure", '  note     its list does not tell whether it has the model "fats"'),
        ("openrouter", "  note     it does not tell what its models take (one answered 503: no answer)"),
    ],
)
async def test_what_cannot_be_told_is_no_problem(
    capsys: pytest.CaptureFixture[str], profile: str, note: str
) -> None:
    asked = 0

    async def shy(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        if request.path == "/v1/videos/models":
            asked += 1
            if asked > 1:  # the first one is the probe
                return web.json_response({"error": {"message": "no answer"}}, status=503)
            return web.json_response({"data": [{"id": "fats"}]})
        return web.json_response({"data": []}) if request.path == "/v1/videos" else await models(request)

    async def models(_: web.Request) -> web.StreamResponse:
        return web.json_response({"data": [{"id": "base-model"}]})

    cards = CARDS.replace('"fast"', '"fats"').replace("seed = false\n", "")
    printed, failure = await seen(shy, capsys, cards=cards, more=f'profile = "{profile}"')
    assert failure is None
    assert note in printed.splitlines()


async def test_one_of_several_is_checked_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    async with Site(good) as site:
        two = CARDS.replace('"one"', '"two"').replace("/v1", "/wrong")
        Path("providers.toml").write_text((CARDS + two).format(url=site.url, more=""))
        await run(provider="one")
        assert "two" not in capsys.readouterr().out
        with pytest.raises(BotError, match=r"^there is a problem with 1 of 2 video APIs: two$"):
            await run()
        with pytest.raises(ConfigError, match=r"^There is no provider 'three'; there are: one, two\.$"):
            await run(provider="three")


async def test_the_short_settings_are_checked_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Site(good) as site:
        monkeypatch.setenv("VIDEO_API_BASE_URL", f"{site.url}/v1")
        monkeypatch.setenv("VIDEO_API_KEY", KEY)
        await run()
        printed = capsys.readouterr().out
        assert printed.startswith(f"default: {site.url}/v1 (profile openai, key in VIDEO_API_KEY)\n")
    assert "  note     no model is named: the API chooses\n" in printed


async def test_without_a_video_api_there_is_nothing_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    await run()
    assert capsys.readouterr().out.startswith("No video API is set: the built-in preview renders")


async def test_a_name_from_a_list_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    async def rude(request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/models":
            return web.json_response({"data": [{"id": "\x1b[2Jfast"}]})
        return await good(request)

    printed, _ = await seen(rude, capsys)
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [("/v1", 0, ""), ("/v2", 1, "reelbot: there is a problem with 1 of 1 video APIs: one\n")],
)
async def test_scripts_see_the_exit_status(tmp_path: Path, path: str, status: int, said: str) -> None:
    async with Site(good) as site:
        Path("providers.toml").write_text(CARDS.replace("/v1", path).format(url=site.url, more=""))
        command = (sys.executable, "-m", "bot", "doctor", "--provider", "one")
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            printed, errors = await process.communicate()
        assert (process.returncode, errors.decode()) == (status, said)
        assert printed.decode().startswith(f"one: {site.url}{path} (profile openai, key in ONE_KEY)\n")
