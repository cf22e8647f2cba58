"""A picture of another shape than the video: three previews in the browser, a button for each, the video."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.page.chat import Chat
from tests.page.test_page_accessibility import serious
from tests.page.test_page_first_video import png

NATURAL = "images => images.map(image => [image.complete, image.naturalWidth > image.naturalHeight])"


@pytest.mark.parametrize("way", ["1 · Crop", "2 · Bars", "3 · Blurred edges"])
async def test_a_tall_picture_for_a_wide_video_is_fitted_as_chosen(chat: Chat, page: Page, way: str) -> None:
    question = await ask(chat, page)
    pictures = question.get_by_role("button", name="Open ").locator("img")
    await expect(pictures).to_have_count(3)
    await expect(pictures.last).to_have_js_property("complete", True)
    assert await pictures.evaluate_all(NATURAL) == [[True, True]] * 3
    await expect(question.get_by_role("button", name=f"Open {way} large")).to_be_visible()
    assert await serious(page) == []
    await expect(chat.message("🎬")).to_have_count(0)

    await question.get_by_role("button", name=way, exact=True).click()
    await expect(chat.message("🎬 a yellow sun rises")).to_contain_text("Done")
    result = chat.message("Your video is ready")
    await expect(result).to_contain_text("1280×720")
    await expect(result.locator("video")).to_have_js_property("readyState", 4)
    await expect(question).to_have_count(0)


@pytest.mark.phone
@pytest.mark.dark
async def test_the_question_fits_a_phone_and_can_be_dropped(chat: Chat, page: Page) -> None:
    question = await ask(chat, page)
    await expect(question.locator("img")).to_have_count(3)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await serious(page) == []
    await question.get_by_role("button", name="Cancel").click()
    await expect(chat.message("Nothing was ordered.")).to_be_visible()
    await expect(chat.messages.locator("img")).to_have_count(0)


async def ask(chat: Chat, page: Page) -> Locator:
    """Ask for a wide video of a tall picture; return the question."""
    await chat.command("video")
    await page.keyboard.type("a yellow sun rises size:")
    await page.keyboard.type("Wide")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await chat.paste(png(720, 1280))
    await expect(chat.composer.get_by_role("button", name="image: picture.png")).to_be_visible()
    await chat.composer.get_by_role("button", name="Send /video").click()
    return chat.message("Your picture has another shape")
