"""Starting a server of ours on a port that a person chose."""

from typing import Protocol

from bot.domain.errors import ConfigError


class Listener(Protocol):
    """A server that begins to listen when it starts."""

    async def start(self) -> None:
        """Listen."""


async def listen(server: Listener, port: int) -> None:
    """Start the server.

    Raises:
        ConfigError: the port is taken, forbidden or no port.
    """
    try:
        await server.start()
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is None:  # a whole sentence of the server's own
            raise ConfigError(str(error)) from error
        raise ConfigError(
            f"port {port} cannot be used: {getattr(error, 'strerror', None) or error}"
        ) from error
