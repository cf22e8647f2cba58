"""`reelbot preview-api`: the embedded `/v1/videos` server alone, for any OpenAI-compatible client."""

import argparse

from bot.commands.listening import listen
from bot.commands.stopping import stop_on_signals
from bot.config import Settings
from bot.preview.server import PreviewServer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the port, a key, and how long a render takes at least."""
    parser.add_argument("--port", type=int, default=8600, help="port on 127.0.0.1; 0 takes a free one (8600)")
    parser.add_argument("--key", help="ask for this key as a bearer token; without it any is fine")
    parser.add_argument(
        "--pace",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="take at least so long a second of video, to watch progress (0)",
    )


async def main(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until a signal; the first line on standard output is the base URL."""
    server = PreviewServer(
        data_dir=settings.data_dir / "preview",
        port=arguments.port,
        api_key=arguments.key,
        pace=arguments.pace,
    )
    with stop_on_signals() as stop:
        try:
            await listen(server, arguments.port)
            print(server.base_url, flush=True)
            await stop.wait()
        finally:
            await server.close()
