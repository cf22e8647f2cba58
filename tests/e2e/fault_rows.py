"""Fault by state, as data: what goes wrong, how the job ends, and what its member reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.domain.remote import SubmitSafety
from bot.domain.states import JobState
from tests.e2e.faulty_api import Call, Fault

S = JobState
KEY, LIST, NONE = SubmitSafety.KEY, SubmitSafety.LIST, SubmitSafety.NONE

DONE = "✅ Done in"
UNCLEAR = "did not answer clearly. Checking before anything is sent twice"
UNREACHABLE = "The video service does not answer. Trying again"
FULL = "The video service is full. Trying again"
ASKING = "the video service does not answer, asking again"
DOWNLOAD = "its download failed. Trying again"
UPLOAD = "Discord does not take it yet. Trying again"
MAYBE = "It may have been charged, so I do not order it again by myself"
NOT_TAKEN = "does not take this request. Nothing was paid"
KEY_REFUSED_NOW = "refuses this bot's key now"
KEY_REFUSED = "refuses this bot's key. Nothing was paid"
ELSEWHERE = "went to the author's direct messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell of the table. A fault of the video API lasts until the member has read `meanwhile`.

    Without `meanwhile` it is played twice, and with `lasts` it never ends. `orders` are those that the API
    accepted, `results` the messages with a video, `votes` the emoji under them.
    """

    at: str
    fault: str
    safety: SubmitSafety = KEY
    meanwhile: str = ""
    lasts: bool = False
    end: JobState = S.DELIVERED
    says: str = DONE
    orders: int = 1
    results: int = 1
    votes: int = 2

    def __str__(self) -> str:
        where = f"{self.at} ({self.safety})" if self.at == Call.SUBMIT else self.at
        ended = f"{self.end.upper():9}  {self.orders} ordered  {self.results} posted"
        return f"{where:13}  {self.fault:23}  {ended}  {self.meanwhile or '-'} > {self.says}"


_AFTER_THE_EFFECT = (
    Fault.RESET_AFTER,
    Fault.TIME_OUT,
    Fault.TRUNCATED,
    Fault.WRONG_LENGTH,
    Fault.OTHER_JSON,
)
_BEFORE_THE_EFFECT = (Fault.RESET_BEFORE, Fault.ERROR, Fault.HTML, Fault.BUSY)
_LIMITED = (Fault.LIMITED_SECONDS, Fault.LIMITED_DATE)


def submit_rows(safety: SubmitSafety) -> list[Row]:
    """Return what may happen to an order; only where nobody can know does a person have to decide."""

    def row(fault: Fault, **facts: Any) -> Row:
        return Row(at=Call.SUBMIT, fault=fault, safety=safety, **facts)

    unpaid: dict[str, Any] = {"end": S.FAILED, "orders": 0, "results": 0}
    rows = [row(fault, meanwhile=FULL) for fault in _LIMITED]
    rows.append(row(Fault.NOT_FOUND, says=NOT_TAKEN, **unpaid))
    rows.append(row(Fault.UNAUTHORISED, says=KEY_REFUSED, **unpaid))
    for fault in _BEFORE_THE_EFFECT + _AFTER_THE_EFFECT:
        if safety is NONE:
            orders = int(fault in _AFTER_THE_EFFECT)
            rows.append(row(fault, end=S.UNSURE, says=MAYBE, orders=orders, results=0))
        else:
            rows.append(row(fault, meanwhile=UNCLEAR))
    return rows


# A rate limit is no trouble: the render goes on, only its progress is asked for later.
_MEANWHILE = dict.fromkeys(_LIMITED, "") | {Fault.UNAUTHORISED: KEY_REFUSED_NOW}
POLL_ROWS = [Row(at=Call.POLL, fault=fault, meanwhile=_MEANWHILE.get(fault, ASKING)) for fault in Fault]
FETCH_ROWS = [Row(at=Call.FETCH, fault=fault, meanwhile=DOWNLOAD) for fault in Fault]

LASTING_ROWS = [
    Row(
        at=at, fault=fault, lasts=True, end=S.FAILED, results=0, orders=orders, meanwhile=meanwhile, says=says
    )
    for at, fault, orders, meanwhile, says in (
        (Call.SUBMIT, Fault.LIMITED_SECONDS, 0, FULL, "The video service is full. Nothing was paid"),
        (Call.POLL, Fault.BUSY, 1, ASKING, "took too long and was given up. It may have been charged"),
        (
            Call.POLL,
            Fault.UNAUTHORISED,
            1,
            KEY_REFUSED_NOW,
            "took too long and was given up. It may have been charged",
        ),
        (Call.POLL, Fault.NOT_FOUND, 1, "", "no longer knows this video; it may have been restarted"),
        (Call.FETCH, Fault.OTHER_JSON, 1, DOWNLOAD, "something that is no video, again and again"),
        (Call.FETCH, Fault.WRONG_LENGTH, 1, "", "a broken file again and again"),
        (Call.FETCH, Fault.NOT_FOUND, 1, DOWNLOAD, "no longer kept by the video service"),
        (Call.FETCH, Fault.TRUNCATED, 1, DOWNLOAD, "no longer kept by the video service"),
        (Call.FETCH, Fault.UNAUTHORISED, 1, DOWNLOAD, "no longer kept by the video service"),
    )
] + [
    Row(
        at=Call.SUBMIT,
        fault=fault,
        lasts=True,
        end=S.UNSURE,
        results=0,
        orders=orders,
        meanwhile=UNCLEAR,
        says=MAYBE,
    )
    for fault, orders in ((Fault.BUSY, 0), (Fault.RESET_AFTER, 1))
]

Wish = Mapping[str, Any]
_PAGE = "<html>one moment</html>"

DISCORD_FAULTS: Mapping[str, Wish] = MappingProxyType(
    {
        Fault.RESET_BEFORE: {"drop": "before", "times": 2},
        Fault.RESET_AFTER: {"drop": "after"},
        Fault.TIME_OUT: {"delay_s": 16},
        Fault.LIMITED_SECONDS: {"status": 429},
        Fault.LIMITED_DATE: {
            "status": 429,
            "body": _PAGE,
            "headers": {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"},
        },
        Fault.ERROR: {"status": 500},
        Fault.HTML: {"status": 502, "body": _PAGE},
        Fault.BUSY: {"status": 503, "times": 2},
        Fault.OTHER_JSON: {"status": 200, "body": {"detail": "maintenance"}},
        Fault.UNAUTHORISED: {"status": 401},
    }
)
NOT_FOUND_THERE: Mapping[str, Wish] = MappingProxyType(
    {
        "deliver": {"status": 404, "body": {"message": "Unknown Channel", "code": 10003}},
        "edit": {"status": 404, "body": {"message": "Unknown Message", "code": 10008}},
        "react": {"status": 404, "body": {"message": "Unknown Message", "code": 10008}},
    }
)
ROUTES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "deliver": ("POST", "/messages$"),
        "edit": ("PATCH", r"/messages/\d+$"),
        "react": ("PUT", r"/messages/\d+/reactions/"),
    }
)

LONG_WAITS = (Fault.LIMITED_DATE, Fault.UNAUTHORISED)
"""Discord turns the whole bot away: it stays away for ten minutes."""
_NOT_READ = {("react", Fault.OTHER_JSON)}
"""Nobody reads what stands in the answer to a reaction."""
_TRIED_AGAIN = (Fault.RESET_BEFORE, Fault.TIME_OUT, Fault.BUSY)


def discord_rows(*, long_waits: bool) -> list[Row]:
    """Return what may happen to a post, an edit and a reaction; the video comes all the same, once."""
    rows = [
        Row(at=at, fault=fault, meanwhile=UPLOAD if at == "deliver" and fault in _TRIED_AGAIN else "")
        for at in ROUTES
        for fault in DISCORD_FAULTS
        if (fault in LONG_WAITS) is long_waits and (at, fault) not in _NOT_READ
    ]
    if long_waits:
        return rows
    gone = Fault.NOT_FOUND
    return [
        *rows,
        Row(at="deliver", fault=gone, says=ELSEWHERE),
        Row(at="edit", fault=gone, says=""),  # there is no message any more that could say something
        Row(at="react", fault=gone, votes=0),
    ]
