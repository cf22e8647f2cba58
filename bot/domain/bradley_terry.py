"""How good each is, from who was chosen over whom: Bradley and Terry's model (Biometrika 39, 1952)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

DRAWN = 1.0
"""So many games everybody has won, and as many lost, against an average one that is not there.

They keep a perfect record from being infinitely good, and compare those who never met the same ones.
"""
ROUNDS = 100
EXACT = 1e-9
STEP = 2.0
"""The longest step, in the logarithm of a strength: a longer one could overshoot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """`value`: the chance of being chosen over an average one, 0 to 1; `games`: how many that rests on."""

    value: float
    games: int


def strengths(wins: Mapping[tuple[str, str], int]) -> dict[str, Strength]:
    """Rate everybody from `wins`: (winner, loser) to how often. Games against oneself tell nothing.

    The answer is the most likely one, found by Newton's method: simple iteration ("MM") reaches the
    same one, but crawls where few games join many.
    """
    met = {pair: count for pair, count in wins.items() if count > 0 and pair[0] != pair[1]}
    names = sorted({name for pair in met for name in pair})
    place = {name: index for index, name in enumerate(names)}
    played: dict[tuple[int, int], int] = {}
    won, games = [DRAWN] * len(names), [0] * len(names)
    for (winner, loser), count in met.items():
        first, second = sorted((place[winner], place[loser]))
        played[first, second] = played.get((first, second), 0) + count
        won[place[winner]] += count
        for index in (first, second):
            games[index] += count
    skills = _skills(won, played)
    return {
        name: Strength(value=_chance(skill), games=count)
        for name, skill, count in zip(names, skills, games, strict=True)
    }


def _skills(won: list[float], played: Mapping[tuple[int, int], int]) -> list[float]:
    """Return the logarithm of each strength; 0 is the average."""
    skills = [0.0] * len(won)
    for _ in range(ROUNDS):
        lacking, slope = list(won), [[0.0] * len(won) for _ in won]
        for index, skill in enumerate(skills):
            chance = _chance(skill)
            lacking[index] -= 2 * DRAWN * chance
            slope[index][index] += 2 * DRAWN * chance * (1 - chance)
        for (first, second), count in played.items():
            chance = _chance(skills[first] - skills[second])
            lacking[first] -= count * chance
            lacking[second] -= count * (1 - chance)
            steep = count * chance * (1 - chance)
            slope[first][first] += steep
            slope[second][second] += steep
            slope[first][second] -= steep
            slope[second][first] -= steep
        steps = _solved(slope, lacking)
        longest = max(map(abs, steps), default=0.0)
        shortened = min(1.0, STEP / longest) if longest else 1.0
        skills = [skill + shortened * step for skill, step in zip(skills, steps, strict=True)]
        if longest < EXACT:
            break
    return skills


def _solved(rows: list[list[float]], right: list[float]) -> list[float]:
    """Solve the equations; each row's own place outweighs the others', so no rows need to be exchanged."""
    count = len(right)
    for pivot in range(count):
        for row in range(pivot + 1, count):
            factor = rows[row][pivot] / rows[pivot][pivot]
            if factor:
                for column in range(pivot, count):
                    rows[row][column] -= factor * rows[pivot][column]
                right[row] -= factor * right[pivot]
    found = [0.0] * count
    for row in reversed(range(count)):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, count))
        found[row] = (right[row] - known) / rows[row][row]
    return found


def _chance(lead: float) -> float:
    """Return the chance of the one that leads by so much, without an overflow at either end."""
    if lead >= 0:
        return 1 / (1 + math.exp(-lead))
    return math.exp(lead) / (1 + math.exp(lead))
