"""A network that answers as a test says, and keeps what it was asked."""

import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

from bot.providers.base_url import BaseUrl
from bot.providers.http import ProviderHttp
from bot.providers.profile import Profile, load_profile
from bot.providers.retries import Retries
from bot.providers.videos_api import VideosApi

BASE = "https://api.example/v1"
KEY = "sk-very-secret-0123456789"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Body(httpx.AsyncByteStream):
    """Bytes that come as from a socket."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._content:
            yield self._content


class Wire(httpx.AsyncBaseTransport):
    """Gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        response = answer if isinstance(answer, httpx.Response) else answer(request)
        if not response.is_closed:
            return response
        return httpx.Response(response.status_code, headers=response.headers, stream=Body(response.content))

    async def pause(self, seconds: float) -> None:
        """Stand in for sleeping between two tries."""
        self.pauses.append(seconds)

    def http(self, *, base: str = BASE, key: str = KEY, **options: Any) -> ProviderHttp:
        """Build the client under test."""
        options.setdefault("retries", Retries(sleep=self.pause, rng=random.Random(1)))
        return ProviderHttp(
            BaseUrl.parse(base),
            name="test",
            credentials={"Authorization": f"Bearer {key}"},
            transport=self,
            **options,
        )

    def api(self, profile: Profile | str = "preview", *, model: str = "", **options: Any) -> VideosApi:
        """Build the provider under test."""
        loaded = load_profile(profile) if isinstance(profile, str) else profile
        return VideosApi(
            name="test",
            http=self.http(**options),
            profile=loaded,
            models=(loaded.capabilities(model),),
            secrets=(KEY,),
        )


def answer(status: int = 200, json: object = None, **headers: str) -> httpx.Response:
    """Build an answer with a JSON body; underscores in header names become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=json, headers=named)


def raw(status: int, body: bytes, **headers: str) -> httpx.Response:
    """Build an answer with any body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=body, headers=named)


PAGE = raw(200, b"<!DOCTYPE html><html><body>Welcome</body></html>", content_type="text/html")
