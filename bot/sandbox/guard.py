"""Who may ask: the browser on this machine, from the sandbox's own page, and nobody through it."""

from collections.abc import Awaitable, Callable

from aiohttp import web

LOOPBACK = ("127.0.0.1", "localhost")
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Check Host and Origin of every request, and give every answer the headers that keep a page in place."""

    def __init__(self) -> None:
        self.port = 0

    @web.middleware
    async def check(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Refuse other hosts (a page could have rebound its name to 127.0.0.1) and pages of other origins."""
        hosts = {f"{host}:{self.port}" for host in LOOPBACK}
        if request.headers.get("Host") not in hosts:
            return web.Response(status=421, text="This server answers to 127.0.0.1 only.")
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            return web.Response(status=403, text="This server answers to its own page only.")
        return await handler(request)

    async def protect(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the headers; one that a handler has set stays."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = content_policy(request.host)


def content_policy(host: str) -> str:
    """Return the policy of the page: its own files alone, no markup made from text."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        # Not every browser counts the WebSocket of the same host as 'self'.
        "connect-src": f"'self' ws://{host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The address holds the secret.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
