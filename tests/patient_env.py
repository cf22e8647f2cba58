"""simcord's Discord for a machine that may stand still for seconds."""

from typing import Any

from simcord import Env

ATTEMPTS = 40


class PatientEnv(Env):
    """Waits for the bot to come to rest in several spans of simcord's five seconds.

    A longer span would do something else: simcord takes a task for resting when its timer lies beyond the end
    of the span, so every shorter sleep of the bot would be waited for.
    """

    async def _settle_internal(self, **options: Any) -> None:
        attempts = ATTEMPTS if options.get("_deadline") is None else 1
        for _ in range(1, attempts):
            try:
                await super()._settle_internal(**options)
            except TimeoutError:
                continue
            return
        await super()._settle_internal(**options)
