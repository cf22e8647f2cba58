"""axe-core finds nothing serious, in light and dark, wide and narrow, in the states that people meet."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.page.chat import Chat


async def serious(page: Page) -> list[Any]:
    """Return what axe-core calls serious or critical."""
    results = await Axe().run(page)
    return [
        (found["id"], [node["html"][:160] for node in found["nodes"]])
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


async def check_states(chat: Chat, page: Page) -> None:
    """Walk through the page and look at each state."""
    assert await serious(page) == [], "empty channel"
    await chat.composer.get_by_role("combobox").press_sequentially("/")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await serious(page) == [], "picker"
    await page.keyboard.press("Escape")
    await chat.composer.get_by_role("combobox").fill("")
    await chat.command("video")
    await page.keyboard.press("Enter")
    assert await serious(page) == [], "options with a problem"
    await page.keyboard.type("a red fox in snow")
    await page.keyboard.press("Enter")
    await expect(chat.message("used /video")).to_contain_text("Rendering")
    assert await serious(page) == [], "running"
    await expect(chat.message("Your video is ready").locator("video")).to_be_visible()
    assert await serious(page) == [], "done"
    await chat.command("show")
    await page.keyboard.type("nothing")
    await page.keyboard.press("Enter")
    await expect(chat.message("I know no video")).to_be_visible()
    assert await serious(page) == [], "error"
    await page.get_by_role("button", name="Under the hood").click()
    for tab in ("Faults", "Video jobs", "REST calls", "Gateway"):
        await page.get_by_role("tab", name=tab).click()
        assert await serious(page) == [], tab


@pytest.mark.pace(0.5)
async def test_on_a_laptop_in_light(chat: Chat, page: Page) -> None:
    await check_states(chat, page)


@pytest.mark.pace(0.5)
@pytest.mark.dark
@pytest.mark.phone
async def test_on_a_phone_in_the_dark(chat: Chat, page: Page) -> None:
    await check_states(chat, page)


async def test_motion_is_reduced_on_request(chat: Chat, page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await chat.video("a red fox in snow")
    await expect(chat.message("used /video")).to_be_visible()
    moving = await page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    assert moving == 0


async def test_the_skip_link_leads_to_the_message_box(chat: Chat, page: Page) -> None:
    await page.evaluate("document.activeElement.blur()")
    link = page.get_by_role("link", name="Skip to the message box")
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(chat.composer.get_by_role("combobox")).to_be_focused()
