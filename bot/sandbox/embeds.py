"""Embeds: the lengths that Discord enforces and the object that it answers with.

https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from typing import Any

from bot.sandbox.form import Form, Path

MOST_EMBEDS = 10
TOTAL_CHARACTERS = 6000
PLAIN_KEYS = ("url", "title", "description", "color", "timestamp")


def check_embeds(form: Form, embeds: list[dict[str, Any]], at: Path = ()) -> None:
    """Note what is too long, missing or of a wrong type in a message's embeds."""
    total = 0
    for index, embed in enumerate(embeds):
        path = (*at, "embeds", index)
        total += len(form.text(embed, "title", path, most=256))
        total += len(form.text(embed, "description", path, most=4096))
        form.text(embed, "url", path, most=2048)
        form.integer(embed, "color", path)
        footer = form.mapping(embed, "footer", path)
        if footer:
            total += len(form.text(footer, "text", (*path, "footer"), most=2048, required=True))
        author = form.mapping(embed, "author", path)
        if author:
            total += len(form.text(author, "name", (*path, "author"), most=256, required=True))
        for key in ("image", "thumbnail"):
            picture = form.mapping(embed, key, path)
            if picture:
                form.text(picture, "url", (*path, key), most=2048, required=True)
        for number, field in enumerate(form.objects(embed, "fields", path, most=25)):
            spot = (*path, "fields", number)
            total += len(form.text(field, "name", spot, most=256, required=True))
            total += len(form.text(field, "value", spot, most=1024, required=True))
    if total > TOTAL_CHARACTERS:
        form.fault(
            (*at, "embeds"),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {TOTAL_CHARACTERS}",
        )


def render_embed(embed: dict[str, Any], attachment_urls: dict[str, str]) -> dict[str, Any]:
    """Render an embed object; `attachment://name` becomes the address of that file."""
    payload: dict[str, Any] = {"type": "rich"}
    payload |= {key: embed[key] for key in PLAIN_KEYS if embed.get(key) is not None}
    if embed.get("fields"):
        payload["fields"] = [
            {"name": f["name"], "value": f["value"], "inline": bool(f.get("inline"))} for f in embed["fields"]
        ]
    for key in ("author", "footer"):
        if embed.get(key):
            payload[key] = {k: v for k, v in embed[key].items() if v is not None}
    for key in ("image", "thumbnail"):
        url = (embed.get(key) or {}).get("url")
        if url:
            resolved = attachment_urls.get(url.removeprefix("attachment://"), url)
            payload[key] = {"url": resolved, "proxy_url": resolved}
    return payload


def embedded_names(embeds: list[dict[str, Any]]) -> set[str]:
    """Return the names of files that embeds show, which then leave the message's list of attachments."""
    urls = [(embed.get(key) or {}).get("url", "") for embed in embeds for key in ("image", "thumbnail")]
    return {url.removeprefix("attachment://") for url in urls if url.startswith("attachment://")}
