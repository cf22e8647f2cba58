"""Modals: what Discord checks in one, and the answer that a person's input becomes.

https://discord.com/developers/docs/components/using-modal-components
"""

from typing import Any

from bot.sandbox.components import ACTION_ROW, LABEL, SELECTS, STRING_SELECT, TEXT_DISPLAY, TEXT_INPUT, walk
from bot.sandbox.form import Form, Path

FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
FIELDS = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)
WITH_OPTIONS = (STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP)
MOST_PARTS = 5
TEXT_LIMIT = 4000


def check_modal(form: Form, modal: dict[str, Any], path: Path) -> None:
    """Note what Discord refuses in a modal."""
    form.text(modal, "custom_id", path, most=100, least=1, required=True)
    form.text(modal, "title", path, most=45, least=1, required=True)
    seen: set[str] = set()
    for index, part in enumerate(form.objects(modal, "components", path, most=MOST_PARTS, least=1)):
        spot = (*path, "components", index)
        kind = part.get("type")
        if kind == LABEL:
            form.text(part, "label", spot, most=45, least=1, required=True)
            form.text(part, "description", spot, most=100)
            _check_field(form, form.mapping(part, "component", spot), (*spot, "component"), FIELDS, seen)
        elif kind == ACTION_ROW:
            for field in form.objects(part, "components", spot, most=1, least=1):
                _check_field(form, field, (*spot, "components", 0), (TEXT_INPUT,), seen)
                form.text(field, "label", (*spot, "components", 0), most=45, least=1, required=True)
        elif kind == TEXT_DISPLAY:
            form.text(part, "content", spot, most=TEXT_LIMIT, least=1, required=True)
        else:
            form.fault((*spot, "type"), "BASE_TYPE_CHOICES", "Value must be one of {1, 10, 18}.")


def _check_field(
    form: Form, field: dict[str, Any], path: Path, kinds: tuple[int, ...], seen: set[str]
) -> None:
    if field.get("type") not in kinds:
        known = ", ".join(map(str, kinds))
        form.fault((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")
        return
    custom_id = form.text(field, "custom_id", path, most=100, least=1, required=True)
    if custom_id in seen:
        message = "Component custom id cannot be duplicated"
        form.fault((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
    seen.add(custom_id)
    _check_bounds(form, field, path)


def _check_bounds(form: Form, field: dict[str, Any], path: Path) -> None:
    if field["type"] == TEXT_INPUT:
        form.integer(field, "style", path, choices=range(1, 3))
        form.text(field, "value", path, most=TEXT_LIMIT)
        form.text(field, "placeholder", path, most=100)
        for key in ("min_length", "max_length"):
            form.integer(field, key, path, choices=range(TEXT_LIMIT + 1))
        return
    for key in ("min_values", "max_values"):
        form.integer(field, key, path, choices=range(26))
    if field["type"] in WITH_OPTIONS:
        for index, option in enumerate(form.objects(field, "options", path, most=25, least=1)):
            form.text(option, "label", (*path, "options", index), most=100, least=1, required=True)
            form.text(option, "value", (*path, "options", index), most=100, least=1, required=True)


def fields(modal: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields that a person fills, by custom id."""
    found = (c for c in walk(modal["components"]) if c.get("type") in FIELDS)
    return {str(field["custom_id"]): field for field in found}


def submission(modal: dict[str, Any], answers: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the modal's tree as a submit interaction carries it; `answers` are "value" or "values" by id."""

    def answer(part: dict[str, Any], number: int) -> dict[str, Any]:
        payload: dict[str, Any] = {"type": part["type"], "id": part.get("id") or number}
        if part.get("custom_id") is not None:
            payload |= {"custom_id": part["custom_id"], **answers[part["custom_id"]]}
        if isinstance(part.get("component"), dict):
            payload["component"] = answer(part["component"], number + 1)
        elif isinstance(part.get("components"), list):
            payload["components"] = [answer(c, number + 1 + i) for i, c in enumerate(part["components"])]
        return payload

    return [answer(part, 1 + 10 * index) for index, part in enumerate(modal["components"])]


def check_answer(field: dict[str, Any], value: Any) -> dict[str, Any]:
    """Check what a person entered as the client would; raise ValueError with one clear sentence.

    Returns {"value": ...} for texts, radio groups and checkboxes, {"values": [...]} for the others.
    """
    name = field["custom_id"]
    required = field["type"] != CHECKBOX if field.get("required") is None else field["required"]
    if field["type"] == TEXT_INPUT:
        text = str((field.get("value") or "") if value is None else value)
        least = field.get("min_length") or (1 if required else 0)
        most = field.get("max_length") or TEXT_LIMIT
        if (text or required) and not least <= len(text) <= most:
            raise ValueError(f"{name} must have {least} to {most} characters")
        return {"value": text}
    if field["type"] == CHECKBOX:
        return {"value": bool(value)}
    known = [str(option["value"]) for option in field["options"]] if field["type"] in WITH_OPTIONS else []
    if field["type"] == RADIO_GROUP:
        if value not in known and (required or value is not None):
            raise ValueError(f"{name} must be one of {', '.join(known)}")
        return {"value": value}
    values = value if isinstance(value, list) else [] if value is None else [value]
    least = (1 if required else 0) if field.get("min_values") is None else field["min_values"]
    most = field.get("max_values") or max(1, len(known) if field["type"] == CHECKBOX_GROUP else 1)
    if (values or required) and not least <= len(values) <= most:
        raise ValueError(f"{name} takes {least} to {most} values")
    if known and not all(value in known for value in values):
        raise ValueError(f"{name} must be of {', '.join(known)}")
    return {"values": values}
