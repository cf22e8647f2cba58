"""How late an event loop is: what a member's command would wait for before anything of it runs."""

import asyncio

EVERY_S = 0.005


class LoopLag:
    """Sleeps again and again and notes how much longer that took, in seconds."""

    def __init__(self) -> None:
        self._late: list[float] = []

    async def run(self) -> None:
        """Sleep until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            asked = loop.time()
            await asyncio.sleep(EVERY_S)
            self._late.append(loop.time() - asked - EVERY_S)

    def p99_ms(self) -> float:
        """Return what 99 of 100 stayed under, in milliseconds."""
        return sorted(self._late)[len(self._late) * 99 // 100] * 1000

    def max_ms(self) -> float:
        """Return the worst, in milliseconds."""
        return max(self._late) * 1000
