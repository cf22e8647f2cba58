"""The real LiteLLM proxy between the bot and the preview API; opt-in: it wants an environment of its own.

Run it with REELBOT_LITELLM=/path/to/venv/bin/litellm (`pip install 'litellm[proxy]'` there).
"""

import asyncio
import base64
import json
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.domain.states import JobState
from tests.actor import Actor, picture_option
from tests.e2e.conftest import Stage
from tests.e2e.test_video_command import facts_of, first_frame, gradient
from tests.preview.preview_client import file_of

LITELLM = os.environ.get("REELBOT_LITELLM", "")
MASTER_KEY = "sk-master"
START_SECONDS = 90.0

pytestmark = [
    pytest.mark.skipif(not LITELLM, reason="REELBOT_LITELLM does not name a litellm executable"),
    pytest.mark.timeout(240),
]


@asynccontextmanager
async def proxy_to(upstream: str, folder: Path) -> AsyncIterator[str]:
    """Run the proxy and return its base URL (settings: reference: providers, section 8)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = {
        "model_list": [
            {
                "model_name": "my-video",
                "litellm_params": {
                    "model": "hosted_vllm/my-video",
                    "api_base": upstream,
                    "api_key": "sk-upstream",
                },
            }
        ],
        "general_settings": {"master_key": MASTER_KEY},
        "router_settings": {"num_retries": 0},
    }
    file = folder / "litellm.yaml"
    file.write_text(json.dumps(config))  # JSON is YAML
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HOSTED_VLLM_API_BASE": upstream,
        "HOSTED_VLLM_API_KEY": "sk-upstream",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    with (folder / "litellm.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            LITELLM,
            *("--config", str(file), "--host", "127.0.0.1", "--port", str(port)),
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        await _until_alive(process, f"http://127.0.0.1:{port}/health/liveliness")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _until_alive(process: asyncio.subprocess.Process, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            assert process.returncode is None, "litellm ended; see litellm.log"
            try:
                async with session.get(url) as reply:
                    if reply.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)
    raise AssertionError("litellm does not answer; see litellm.log")


@pytest.fixture
async def behind_proxy(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Start the bot anew with the proxy as its video API."""
    async with proxy_to(stage.preview.base_url, stage.tmp_path) as base_url:
        usual = stage.settings
        addresses = {
            "video_api_base_url": base_url,
            "video_api_key": SecretStr(MASTER_KEY),
            "video_api_profile": "litellm",
            "video_api_models": ("my-video",),
        }

        def settings() -> Settings:
            return usual().model_copy(update=addresses)

        monkeypatch.setattr(stage, "settings", settings)
        await stage.stop_bot()
        await stage.start_bot()
        yield stage
        await stage.stop_bot()


async def test_text_and_picture_become_videos_through_the_proxy(behind_proxy: Stage) -> None:
    stage, picture = behind_proxy, gradient(1280, 720)

    facts = facts_of(await made(stage.owner, "A lighthouse in a storm"))
    assert (facts["size"], facts["seconds"]) == ((1280, 720), 4.0)

    film = await made(stage.owner, "it starts to move", image=picture_option(file_of(picture, "PNG")))
    frame = first_frame(film)[:540].astype(float)  # the caption may cover the lower part
    assert np.abs(frame - np.asarray(picture)[:540]).mean() < 12

    videos, _ = await stage.preview.videos.page(after=None, limit=100, newest_first=False)
    assert stage.app is not None
    jobs = await stage.app.store.recently_delivered(0)
    assert [job.state for job in jobs] == [JobState.DELIVERED] * 2
    # The id is the one of the create: it says for which model, as no later answer of the proxy does.
    kept = sorted(decoded(job.remote_id or "") for job in jobs)
    assert kept == sorted(
        f"litellm:custom_llm_provider:hosted_vllm;model_id:my-video;video_id:{video.id}" for video in videos
    )


async def made(owner: Actor, prompt: str, **options: Any) -> bytes:
    """Order a video of four seconds and return its file."""
    return await owner.download(await owner.result_of(await owner.video(prompt, seconds=4, **options)))


def decoded(remote_id: str) -> str:
    """Read the proxy's id."""
    encoded = remote_id.removeprefix("video_")
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
