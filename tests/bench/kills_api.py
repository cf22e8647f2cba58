"""The paid API of `kills_provider` as a process, seen from outside."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.processes import ROOT, environment, first_line


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidApi:
    """What runs at this base URL."""

    base_url: str
    session: aiohttp.ClientSession

    async def truth(self) -> Any:
        """Return what was bought, the faults by kind, and how many renders were held at once at most."""
        async with self.session.get(f"{self.base_url.removesuffix('/v1')}/truth") as response:
            return await response.json()

    async def be_calm(self) -> None:
        """Let nothing fail any more."""
        async with self.session.post(f"{self.base_url.removesuffix('/v1')}/calm") as response:
            response.raise_for_status()


@asynccontextmanager
async def paid_api(
    home: Path, session: aiohttp.ClientSession, *, safety: str, seed: str, share: float, clip: Path
) -> AsyncIterator[PaidApi]:
    """Run it; its log goes into the folder."""
    arguments = ("--safety", safety, "--seed", seed, "--share", str(share), "--clip", str(clip))
    with (home / "provider.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.kills_provider",
            *arguments,
            cwd=ROOT,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        yield PaidApi(base_url=await first_line(process), session=session)
    finally:
        process.kill()
        await process.wait()
