"""How long a wait is, in round words: they stay the same for a while, so that a guess does not tick."""

from bot.domain.errors import Fact

_MINUTE = 60_000
_HOUR = 60 * _MINUTE


def wait_facts(milliseconds: int) -> dict[str, Fact]:
    """Return what the text `wait` needs: "moment", or a number of "minutes" or "hours"."""
    if milliseconds < 20_000:
        return {"unit": "moment", "count": 0}
    if milliseconds < 10.5 * _MINUTE:
        return {"unit": "minutes", "count": max(1, round(milliseconds / _MINUTE))}
    if milliseconds < 57.5 * _MINUTE:
        return {"unit": "minutes", "count": 5 * round(milliseconds / _MINUTE / 5)}
    return {"unit": "hours", "count": max(1, round(milliseconds / _HOUR))}
