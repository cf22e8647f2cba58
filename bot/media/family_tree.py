"""Where each member of a family stands in its picture: a row each, branches one lane to the right. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.lineage import FamilyMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One member's row and lane, both from 0. `parent_row` is where its line comes from."""

    member: FamilyMember
    row: int
    lane: int
    parent_row: int | None
    parent_lane: int | None


def places(members: Sequence[FamilyMember]) -> list[Place]:
    """Return the places from the top down: parents before children, brothers and sisters as given.

    An only child stays in its parent's lane, so that a long chain is one straight line. Who belongs to a
    circle, which no job can make but a damaged table can, counts as a first one.
    """
    known = {member.short_id for member in members}
    children: dict[str, list[FamilyMember]] = {}
    firsts: list[FamilyMember] = []
    for member in members:
        if member.parent in known and member.parent != member.short_id and member.parent is not None:
            children.setdefault(member.parent, []).append(member)
        else:
            firsts.append(member)
    placed: dict[str, Place] = {}
    for first in (*firsts, *members):
        if first.short_id not in placed:
            _descend(first, children, placed)
    return list(placed.values())


def _descend(
    first: FamilyMember, children: Mapping[str, Sequence[FamilyMember]], placed: dict[str, Place]
) -> None:
    """Place one and all that come from it, without recursion: a chain may be long."""
    waiting: list[tuple[FamilyMember, Place | None, int]] = [(first, None, 0)]
    while waiting:
        member, parent, lane = waiting.pop()
        if member.short_id in placed:
            continue
        place = Place(
            member=member,
            row=len(placed),
            lane=lane,
            parent_row=None if parent is None else parent.row,
            parent_lane=None if parent is None else parent.lane,
        )
        placed[member.short_id] = place
        own = children.get(member.short_id, ())
        waiting.extend((child, place, lane + (len(own) > 1)) for child in reversed(own))
