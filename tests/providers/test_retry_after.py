"""How long to stay away: the boundary table."""

from collections.abc import Mapping

import pytest

from bot.providers.reply import Reply
from bot.providers.retry_after import LONGEST, poll_hint, retry_after

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"retry-after": "0"}, 0.0, id="at once"),
        pytest.param({"retry-after": "1"}, 1.0, id="a second"),
        pytest.param({"retry-after": "1.5"}, 1.5, id="a fraction"),
        pytest.param({"retry-after": " 7 "}, 7.0, id="spaces"),
        pytest.param({"retry-after": "-5"}, 0.0, id="negative"),
        pytest.param({"retry-after": "86400"}, LONGEST, id="a day"),
        pytest.param({"retry-after": "86401"}, LONGEST, id="over a day"),
        pytest.param({"retry-after": "1e300"}, LONGEST, id="ages"),
        pytest.param({"retry-after": "inf"}, None, id="inf"),
        pytest.param({"retry-after": "nan"}, None, id="nan"),
        pytest.param({"retry-after": ""}, None, id="empty"),
        pytest.param({"retry-after": "soon"}, None, id="a word"),
        pytest.param({"retry-after": "9" * 5000}, None, id="too many digits"),
        pytest.param({"retry-after": "Mon, 21 Sep 2026 14:13:30 GMT"}, 10.0, id="a date ahead"),
        pytest.param({"retry-after": "Mon, 21 Sep 2026 14:13:20 GMT"}, 0.0, id="this very moment"),
        pytest.param({"retry-after": "Mon, 21 Sep 2026 14:13:10 GMT"}, 0.0, id="a date past"),
        pytest.param({"retry-after": "Mon, 21 Sep 2026 16:13:30 +0200"}, 10.0, id="another zone"),
        pytest.param({"retry-after": "Mon, 21 Sep 2026 14:13:30 -0000"}, 10.0, id="no zone"),
        pytest.param({"retry-after": "Mon, 21 Sep 100000 14:13:30 GMT"}, None, id="year 100000"),
        pytest.param({"retry-after": "Mon, 31 Feb 2026 14:13:30 GMT"}, None, id="no such day"),
        pytest.param({"retry-after-ms": "1500"}, 1.5, id="milliseconds"),
        pytest.param({"retry-after-ms": "1500", "retry-after": "60"}, 1.5, id="milliseconds win"),
        pytest.param({"retry-after-ms": "x", "retry-after": "60"}, 60.0, id="bad milliseconds do not"),
    ],
)
def test_the_wait_is_read_from_every_form(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "waits", "seconds"),
    [
        pytest.param({"openai-poll-after-ms": "2500"}, 9.0, 2.5, id="its own header wins"),
        pytest.param({"openai-poll-after-ms": "?"}, 9.0, 9.0, id="else retry-after"),
        pytest.param({}, None, None, id="no wish"),
    ],
)
def test_the_poll_hint_comes_from_its_own_header_first(
    headers: Mapping[str, str], waits: float | None, seconds: float | None
) -> None:
    reply = Reply(status=200, headers=headers, body=b"", retry_after=waits)
    assert poll_hint(reply) == seconds
