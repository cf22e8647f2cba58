"""The page in the browser: static files beside this module."""

from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
# Named here, because a machine may know other types for these endings, and browsers insist on them.
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def page_routes(base: str) -> list[web.RouteDef]:
    """Return the routes of the page at `base`/ and of its parts under `base`/page/."""
    return [
        web.get(base, _add_slash),
        web.get(base + "/", _index),
        web.get(base + "/page/{path:.+}", _part),
    ]


async def _add_slash(request: web.Request) -> web.StreamResponse:
    # The page's own addresses are relative to its folder.
    raise web.HTTPPermanentRedirect(request.path + "/")


async def _index(_: web.Request) -> web.StreamResponse:
    return _file(PAGE / "index.html")


async def _part(request: web.Request) -> web.StreamResponse:
    path = (PAGE / request.match_info["path"]).resolve()
    if not path.is_relative_to(PAGE) or path.suffix not in TYPES or not path.is_file():
        return web.Response(status=404, text="There is no such part of the page.")
    return _file(path)


def _file(path: Path) -> web.StreamResponse:
    content_type = f"{TYPES[path.suffix]}; charset=utf-8"
    # Asked for again each time, so that an update of the sandbox never meets an old half of its page.
    return web.FileResponse(path, headers={"Content-Type": content_type, "Cache-Control": "no-cache"})
