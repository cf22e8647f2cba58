"""Components as Discord answers with them: numbered, with defaults filled in and files resolved."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from bot.sandbox import components as kinds
from bot.sandbox.files import Files, StoredFile

BUTTON_KEYS = ("custom_id", "label", "url", "sku_id")


class ComponentPayloads:
    """Render one message's component tree."""

    def __init__(self, files: Files, attached: list[StoredFile]) -> None:
        self._files = files
        self._attached = {stored.filename: stored for stored in attached}

    def render(self, components: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the components with ids in reading order, keeping the ids that the bot gave."""
        taken = {c["id"] for c in kinds.walk(components) if c.get("id")}
        numbers = (n for n in count(1) if n not in taken)
        return [self._one(component, numbers) for component in components]

    def _one(self, component: dict[str, Any], numbers: Iterator[int]) -> dict[str, Any]:
        kind = component["type"]
        payload: dict[str, Any] = {"type": kind, "id": component.get("id") or next(numbers)}
        payload |= self._facts(component, kind)
        if kind in (kinds.ACTION_ROW, kinds.CONTAINER, kinds.SECTION):
            payload["components"] = [self._one(child, numbers) for child in component["components"]]
        if kind == kinds.SECTION:
            payload["accessory"] = self._one(component["accessory"], numbers)
        return payload

    def _facts(self, component: dict[str, Any], kind: int) -> dict[str, Any]:
        if kind == kinds.BUTTON:
            return _button(component)
        if kind in kinds.SELECTS:
            return _select(component)
        if kind == kinds.TEXT_DISPLAY:
            return {"content": component["content"]}
        if kind in (kinds.THUMBNAIL, kinds.FILE):
            return self._file(component, "media" if kind == kinds.THUMBNAIL else "file")
        if kind == kinds.MEDIA_GALLERY:
            return {"items": [self._item(item) for item in component["items"]]}
        if kind == kinds.SEPARATOR:
            return {"spacing": component.get("spacing") or 1, "divider": component.get("divider", True)}
        if kind == kinds.CONTAINER:
            return {"accent_color": component.get("accent_color"), "spoiler": bool(component.get("spoiler"))}
        return {}

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "media": self._media(item.get("media") or {}),
            "description": item.get("description"),
            "spoiler": bool(item.get("spoiler")),
        }

    def _file(self, component: dict[str, Any], key: str) -> dict[str, Any]:
        media = self._media(component.get(key) or {})
        payload: dict[str, Any] = {key: media, "spoiler": bool(component.get("spoiler"))}
        if key == "media":
            return payload | {"description": component.get("description")}
        name = str((component.get(key) or {}).get("url", "")).removeprefix("attachment://")
        stored = self._attached.get(name)
        return payload | {"name": name or None, "size": stored.size if stored else None}

    def _media(self, media: dict[str, Any]) -> dict[str, Any]:
        url = str(media.get("url", ""))
        stored = self._attached.get(url.removeprefix("attachment://"))
        if stored is None:
            return {"id": "0", "url": url, "proxy_url": url, "content_type": None}
        link = self._files.url(stored)
        return {
            "id": stored.id,
            "url": link,
            "proxy_url": link,
            "width": stored.width,
            "height": stored.height,
            "content_type": stored.content_type,
            "attachment_id": stored.id,
        }


def _button(button: dict[str, Any]) -> dict[str, Any]:
    payload = {"style": button["style"], **{k: button[k] for k in BUTTON_KEYS if button.get(k) is not None}}
    if button.get("emoji"):
        payload["emoji"] = _present(button["emoji"])
    if button.get("disabled"):
        payload["disabled"] = True
    return payload


def _select(select: dict[str, Any]) -> dict[str, Any]:
    payload = {"min_values": 1, "max_values": 1, **_present(select)}
    for key in ("type", "id"):
        payload.pop(key, None)
    if select["type"] == kinds.STRING_SELECT:
        payload["options"] = [_option(option) for option in payload["options"]]
    return payload


def _option(option: dict[str, Any]) -> dict[str, Any]:
    payload = _present(option)
    if "emoji" in payload:
        payload["emoji"] = _present(payload["emoji"])
    return payload


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
