"""Lengths that a model makes, and lengths that are wished for. All in whole seconds."""

from collections.abc import Collection

MOST_PARTS = 10
"""A video that is longer than the model can is made of so many at the most: a board has as many clips."""


def nearest_length(wished: int, offered: Collection[int]) -> int:
    """Return the offered length that is nearest; of two as near the shorter, which costs less."""
    return min(offered, key=lambda length: (abs(length - wished), length))


def parts_of(wished: int, offered: Collection[int]) -> tuple[int, ...]:
    """Return two or more offered lengths, longest first, that together come nearest to what is wished.

    They are longer together than the longest alone, and never longer than wished by more than the shortest
    one. Of sums as near the shorter; then as few parts as possible, and as even as possible. Empty where ten
    parts cannot do it.
    """
    shortest, longest = min(offered), max(offered)
    if wished > MOST_PARTS * longest:
        return ()
    found = [
        (abs(total - wished), total, count, parts)
        for count, sums in enumerate(_sums(offered, wished + shortest), 2)
        for total, parts in sums.items()
        if total > longest
    ]
    return min(found)[-1] if found else ()


def _sums(offered: Collection[int], most: int) -> list[dict[int, tuple[int, ...]]]:
    """Return, for two parts and more, each reachable sum with its most even parts."""
    sums: dict[int, tuple[int, ...]] = {length: (length,) for length in offered}
    found = []
    for _ in range(2, MOST_PARTS + 1):
        longer: dict[int, tuple[int, ...]] = {}
        for total, parts in sums.items():
            for length in offered:
                candidate = tuple(sorted((*parts, length), reverse=True))
                if total + length <= most:
                    known = longer.get(total + length, candidate)
                    longer[total + length] = min(known, candidate, key=_unevenness)
        found.append(longer)
        sums = longer
    return found


def _unevenness(parts: tuple[int, ...]) -> int:
    # The sum of squares: smallest where the parts of a sum are alike, and it adds up part by part.
    return sum(part * part for part in parts)
