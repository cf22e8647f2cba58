"""Message components: buttons, selects and layouts, classic and version 2.

https://discord.com/developers/docs/components/reference
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.form import Form, Path

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL = 18
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
TOP_LEVEL = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER)
LINK_STYLE, PREMIUM_STYLE = 5, 6
MOST_ROWS, MOST_BUTTONS, MOST_LAYOUT, MOST_LAYOUT_TEXT = 5, 5, 40, 4000
NESTED = ("components", "accessory", "component")


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component of a tree, outer ones first."""
    for component in components:
        yield component
        for key in NESTED:
            inner = component.get(key)
            if isinstance(inner, dict):
                yield from walk([inner])
            elif isinstance(inner, list):
                yield from walk([c for c in inner if isinstance(c, dict)])


def find(components: list[dict[str, Any]], custom_id: str) -> dict[str, Any] | None:
    """Return the component with a custom id, or None."""
    return next((c for c in walk(components) if c.get("custom_id") == custom_id), None)


def check_components(form: Form, components: list[dict[str, Any]], at: Path, *, layout: bool) -> None:
    """Note what Discord refuses in a message's components; `layout` is the version 2 flag."""
    if not layout and len(components) > MOST_ROWS:
        form.fault((*at, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, component in enumerate(components):
        kinds = TOP_LEVEL if layout else (ACTION_ROW,)
        _check(form, component, (*at, "components", index), kinds)
    everything = list(walk(components))
    if layout and len(everything) > MOST_LAYOUT:
        form.fault(
            (*at, "components"),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {MOST_LAYOUT}",
        )
    texts = [c.get("content") for c in everything if c.get("type") == TEXT_DISPLAY]
    if sum(len(text) for text in texts if isinstance(text, str)) > MOST_LAYOUT_TEXT:
        form.fault(
            (*at, "components"),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Displayable text size exceeds maximum size of {MOST_LAYOUT_TEXT}",
        )
    seen: set[str] = set()
    for component in everything:
        custom_id = component.get("custom_id")
        if isinstance(custom_id, str) and custom_id in seen:
            form.fault(
                (*at, "components"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(str(custom_id))


def _check(form: Form, component: dict[str, Any], path: Path, kinds: tuple[int, ...]) -> None:
    kind = component.get("type")
    if kind not in kinds:
        known = ", ".join(map(str, kinds))
        form.fault((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")
        return
    if kind == ACTION_ROW:
        _check_row(form, component, path)
    elif kind == BUTTON:
        _check_button(form, component, path)
    elif kind in SELECTS:
        _check_select(form, component, path)
    else:
        _check_layout(form, component, path)


def _check_layout(form: Form, component: dict[str, Any], path: Path) -> None:
    kind = component["type"]
    if kind == TEXT_DISPLAY:
        form.text(component, "content", path, most=4000, least=1, required=True)
    elif kind == CONTAINER:
        inner = tuple(k for k in TOP_LEVEL if k != CONTAINER)
        for index, child in enumerate(form.objects(component, "components", path, most=40, least=1)):
            _check(form, child, (*path, "components", index), inner)
    elif kind == SECTION:
        for index, child in enumerate(form.objects(component, "components", path, most=3, least=1)):
            _check(form, child, (*path, "components", index), (TEXT_DISPLAY,))
        _check(form, form.mapping(component, "accessory", path), (*path, "accessory"), (BUTTON, THUMBNAIL))
    elif kind == MEDIA_GALLERY:
        for index, item in enumerate(form.objects(component, "items", path, most=10, least=1)):
            _check_media(form, item, "media", (*path, "items", index))
    elif kind in (THUMBNAIL, FILE):
        _check_media(form, component, "media" if kind == THUMBNAIL else "file", path)


def _check_media(form: Form, component: dict[str, Any], key: str, path: Path) -> None:
    media = form.mapping(component, key, path)
    form.text(media, "url", (*path, key), most=2048, least=1, required=True)
    form.text(component, "description", path, most=1024)


def _check_row(form: Form, row: dict[str, Any], path: Path) -> None:
    children = form.objects(row, "components", path, most=MOST_BUTTONS, least=1)
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        form.fault(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for index, child in enumerate(children):
        _check(form, child, (*path, "components", index), (BUTTON, *SELECTS))


def _check_button(form: Form, button: dict[str, Any], path: Path) -> None:
    style = form.integer(button, "style", path, choices=range(1, 7))
    form.text(button, "label", path, most=80)
    form.mapping(button, "emoji", path)
    if style == LINK_STYLE:
        form.text(button, "url", path, most=512, least=1, required=True)
        if button.get("custom_id") is not None:
            form.fault(
                (*path, "custom_id"),
                "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
                "A custom id and url cannot both be specified",
            )
    elif style != PREMIUM_STYLE:
        form.text(button, "custom_id", path, most=100, least=1, required=True)
        if not button.get("label") and not button.get("emoji"):
            form.fault((*path, "label"), "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji")


def _check_select(form: Form, select: dict[str, Any], path: Path) -> None:
    form.text(select, "custom_id", path, most=100, least=1, required=True)
    form.text(select, "placeholder", path, most=150)
    form.integer(select, "min_values", path, default=1, choices=range(26))
    form.integer(select, "max_values", path, default=1, choices=range(1, 26))
    if select.get("type") != STRING_SELECT:
        return
    seen: set[str] = set()
    for index, option in enumerate(form.objects(select, "options", path, most=25, least=1)):
        spot = (*path, "options", index)
        form.text(option, "label", spot, most=100, least=1, required=True)
        value = form.text(option, "value", spot, most=100, least=1, required=True)
        form.text(option, "description", spot, most=100)
        form.mapping(option, "emoji", spot)
        if value in seen:
            form.fault(
                (*spot, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(value)
