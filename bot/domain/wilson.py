"""How sure a share of votes is."""

from math import sqrt

SURE = 1.96
"""The normal deviate of a 95 % interval."""


def wilson(successes: float, n: int, z: float = SURE) -> tuple[float, float]:
    """Return the Wilson score interval of `successes` out of `n`, both ends 0 to 1; (0, 1) without votes.

    Successes may be fractional: votes of 0 to 1 spread less than those for or against, so that the interval
    is then wider than it must be, never too narrow
    (https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval).

    Raises:
        ValueError: more successes than votes, or fewer than none.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    share, square = successes / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
