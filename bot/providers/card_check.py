"""Whether a provider works as its card says, found out with GETs alone: nothing can be paid."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.capabilities import Capabilities
from bot.domain.errors import AuthFailed, ProviderError
from bot.domain.remote import SubmitSafety
from bot.providers.card_provider import CardProvider
from bot.providers.discovery import model_names
from bot.providers.probing import probe

NAMED = 8
"""So many of the API's models are named where the card's is not among them."""


class Verdict(StrEnum):
    """What a finding means for the owner."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what its models take; nothing of them where it did not answer."""

    findings: tuple[Finding, ...]
    models: tuple[Capabilities, ...]

    @property
    def works(self) -> bool:
        """Say whether there is no problem."""
        return all(finding.verdict is not Verdict.PROBLEM for finding in self.findings)


async def check(provider: CardProvider, *, today: date, seconds: float) -> Report:
    """Ask the API whether it is there, takes the key, has the models and shows its list.

    `seconds` is the time for each question.
    """
    findings = list(_retirement(provider, today))
    try:
        async with asyncio.timeout(seconds):
            listed = await probe(
                provider.http, provider.profile, provider=provider.card.name, secrets=provider.secrets
            )
    except (ProviderError, TimeoutError) as error:
        findings.append(Finding(Verdict.PROBLEM, _no_answer(provider, error, seconds)))
        return Report(tuple(findings), ())
    key = f"takes the key in {provider.card.key_from}" if provider.secrets else "wants no key"
    findings.append(Finding(Verdict.OK, f"it answers, and {key}"))
    findings += [finding async for finding in _discovery(provider, seconds)]
    findings += _models(provider, model_names(listed) | provider.found.keys())
    findings.append(await _list(provider, seconds))
    return Report(tuple(findings), provider.capabilities)


def _retirement(provider: CardProvider, today: date) -> Iterator[Finding]:
    day = provider.card.retired
    if provider.card.closed_since(today) is not None:
        yield Finding(Verdict.PROBLEM, f"its card retires it: it takes no orders since {day}")
    elif day is not None:
        yield Finding(Verdict.NOTE, f"its card retires it: it takes no orders from {day} on")


def _no_answer(provider: CardProvider, error: ProviderError | TimeoutError, seconds: float) -> str:
    base, key_from = provider.http.base.text, provider.card.key_from
    if isinstance(error, TimeoutError):
        return f"{base} did not answer within {seconds:g} s; is the address right, and is it up?"
    if isinstance(error, AuthFailed):
        if provider.secrets:
            return f"it refuses the key in {key_from} ({error})"
        return f"it wants a key, and its card names none ({error})"
    return str(error)


async def _discovery(provider: CardProvider, seconds: float) -> AsyncIterator[Finding]:
    if provider.profile.discovery is None:
        return
    try:
        async with asyncio.timeout(seconds):
            await provider.discover()
    except (ProviderError, TimeoutError) as error:
        why = str(error) or f"no answer within {seconds:g} s"
        yield Finding(Verdict.NOTE, f"it does not tell what its models take ({why})")
    else:
        yield Finding(Verdict.OK, "it tells what its models take")


def _models(provider: CardProvider, listed: frozenset[str]) -> Iterator[Finding]:
    for model in provider.card.models:
        if not model.name:
            yield Finding(Verdict.NOTE, "no model is named: the API chooses")
        elif model.name in listed:
            yield Finding(Verdict.OK, f'the model "{model.name}" is in its list')
        elif listed and provider.profile.models_listed:
            names = sorted(listed)
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield Finding(
                Verdict.PROBLEM,
                f'the model "{model.name}" is not in its list: {", ".join(names[:NAMED])}{more}',
            )
        else:
            yield Finding(Verdict.NOTE, f'its list does not tell whether it has the model "{model.name}"')


async def _list(provider: CardProvider, seconds: float) -> Finding:
    needed = provider.profile.safety is SubmitSafety.LIST or provider.profile.poll_by_list
    try:
        async with asyncio.timeout(seconds):
            videos = await provider.api.recent(1)
    except (ProviderError, TimeoutError) as error:
        why = str(error) or f"no answer within {seconds:g} s"
        return Finding(
            Verdict.PROBLEM if needed else Verdict.NOTE, f"its list of videos cannot be read ({why})"
        )
    if videos is not None:
        used = "" if needed else "; it is not relied on"
        return Finding(Verdict.OK, f"its list of videos can be read{used}")
    if provider.profile.safety is SubmitSafety.KEY:
        return Finding(Verdict.NOTE, "it has no list of videos, but takes an order twice for one")
    return Finding(
        Verdict.NOTE, "it has no list of videos: a person decides about an order whose answer is lost"
    )
