"""The sandbox without sockets: one world, its stores, and what binds them."""

import secrets
from pathlib import Path

from bot.sandbox.clock import Clock
from bot.sandbox.commands import Commands
from bot.sandbox.events import Event, Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.gateway import Gateway
from bot.sandbox.interactions import Interactions
from bot.sandbox.message_payloads import MessagePayloads
from bot.sandbox.messages import Messages
from bot.sandbox.payloads import channel_payload
from bot.sandbox.posting import Posting
from bot.sandbox.ratelimit import RateLimits
from bot.sandbox.reacting import Reacting
from bot.sandbox.requests import RequestLog
from bot.sandbox.snowflake import Snowflakes
from bot.sandbox.traffic import Traffic
from bot.sandbox.world import Channel, World


class Sandbox:
    """Hold everything that REST, gateway and control API share."""

    def __init__(self, directory: Path, *, clock: Clock, rate_limits: bool, record: bool) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.world = World(clock=clock, ids=self.ids)
        self.events = Events()
        self.files = Files(directory, clock=clock, ids=self.ids, key=secrets.token_bytes(32))
        self.messages = Messages()
        self.payloads = MessagePayloads(self.world, self.files, self.messages)
        self.posting = Posting(
            world=self.world,
            files=self.files,
            messages=self.messages,
            payloads=self.payloads,
            events=self.events,
            clock=clock,
            ids=self.ids,
        )
        self.reacting = Reacting(self.world, self.events)
        self.commands = Commands(self.ids, self.world.application_id)
        self.interactions = Interactions(clock=clock, ids=self.ids)
        self.limits = RateLimits(clock, enabled=rate_limits)
        self.faults = Faults()
        self.requests = RequestLog(self.events, record=record)
        self.traffic = Traffic(clock, self.events)
        self.gateway = Gateway(self.world, self.events, self.traffic)
        self.events.subscribe(self.gateway.dispatch)
        clock.on_advance = self._tell_time

    def open_dm(self, user_id: str) -> Channel:
        """Return the direct message channel with a user; as since API v8, no bot hears of a new one."""
        before = len(self.world.channels)
        channel = self.world.dm_channel(user_id)
        if len(self.world.channels) > before:
            data = channel_payload(self.world, channel)
            self.events.publish(Event(name="CHANNEL_CREATE", data=data, channel=channel, hidden=True))
        return channel

    def _tell_time(self) -> None:
        self.events.publish(Event(name="SANDBOX_CLOCK", data={"now": self.clock.now()}, hidden=True))
