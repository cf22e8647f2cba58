"""Faults: REST calls that fail because a test asked for it."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

MOST_DELAY_S = 600.0


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next `times` calls that match.

    `path` is a regular expression searched in the path after /api/v10. `drop` "before" cuts the connection
    without doing the work, "after" does the work and loses the reply. A status alone answers with Discord's
    usual body for it.
    """

    method: str
    path: re.Pattern[str]
    times: int = 1
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drop: str | None = None

    def default_body(self) -> dict[str, Any]:
        """Return the body for a status that came without one."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return {"message": "You are being rate limited.", "retry_after": 0.5, "global": False, "code": 0}
        return {"message": f"{self.status}: {HTTPStatus(self.status or 500).phrase}", "code": 0}


class Faults:
    """Hold the faults in the order in which they were asked for; the first match is used."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, wish: dict[str, Any]) -> Fault:
        """Read a fault from the control API's JSON; raise ValueError with one clear sentence."""
        drop = wish.get("drop")
        if drop not in (None, "before", "after"):
            raise ValueError('drop is "before" or "after"')
        status = wish.get("status")
        if status is not None and (not isinstance(status, int) or not 100 <= status <= 599):
            raise ValueError("status is a number from 100 to 599")
        times = wish.get("times", 1)
        if not isinstance(times, int) or times < 1:
            raise ValueError("times is a number from 1")
        try:
            pattern = re.compile(str(wish.get("path") or ""))
        except re.error as exc:
            raise ValueError(f"path is not a regular expression: {exc}") from exc
        fault = Fault(
            method=str(wish.get("method") or "*").upper(),
            path=pattern,
            times=times,
            status=status,
            body=wish.get("body"),
            headers={str(k): str(v) for k, v in (wish.get("headers") or {}).items()},
            delay_s=min(float(wish.get("delay_s") or 0), MOST_DELAY_S),
            drop=drop,
        )
        self._faults.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Use up one turn of the first fault that matches a call."""
        for fault in self._faults:
            if fault.method in ("*", method) and fault.path.search(path):
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget every fault."""
        self._faults.clear()

    def left(self) -> list[dict[str, Any]]:
        """List the faults that still wait for their call."""
        return [
            {
                "method": fault.method,
                "path": fault.path.pattern,
                "times": fault.times,
                "status": fault.status,
                "drop": fault.drop,
                "delay_s": fault.delay_s,
            }
            for fault in self._faults
        ]
