"""The first minute in the browser: a command by keyboard, a picture by paste, the bar, the video, a vote."""

import io
import time

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.page.chat import Chat

# Plays and comes back once time has passed in the video.
PLAY = """video => new Promise((resolve, reject) => {
  video.muted = true;
  video.ontimeupdate = () => video.currentTime > 0.2 && resolve();
  video.play().catch(reject);
})"""


def png(width: int = 1280, height: int = 720) -> bytes:
    """Draw a picture."""
    data = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(data, "PNG")
    return data.getvalue()


@pytest.mark.pace(1.6)  # twelve seconds: a busy machine too has time to show three steps of the bar
async def test_a_video_from_a_pasted_picture_plays_and_its_vote_counts(chat: Chat, page: Page) -> None:
    started = time.monotonic()
    await chat.command("video")
    await page.keyboard.type("a paper boat on a rainy street")
    await chat.paste(png())
    await expect(chat.composer.get_by_role("button", name="image: picture.png")).to_be_visible()
    await page.keyboard.press("Enter")

    status = chat.message("used /video")
    await expect(status).to_contain_text("Rendering")
    shown = await chat.texts_until(status, lambda: chat.message("Your video is ready").is_visible())
    bars = {line for text in shown for line in text.splitlines() if "▰" in line or "▱" in line}
    assert len(bars) >= 3, f"the bar moved {len(bars)} times: {shown}"

    result = chat.message("Your video is ready")
    video = result.locator("video")
    await expect(video).to_be_visible()
    await expect(video).to_have_js_property("readyState", 4)
    await video.evaluate(PLAY)
    assert time.monotonic() - started < 120

    thumb = result.get_by_role("button", name="👍")
    await expect(thumb).to_contain_text("1")
    await thumb.click()
    await expect(thumb).to_contain_text("2")
    await expect(thumb).to_have_attribute("aria-pressed", "true")
    assert await video.evaluate("video => video.currentTime") > 0.2, "the vote did not restart the video"

    facts = (await result.inner_text()).splitlines()
    short_id = next(line for line in facts if "×" in line).rpartition("· ")[2].split()[0]
    await chat.command("show")
    await page.keyboard.type(short_id)
    await page.keyboard.press("Enter")
    await expect(chat.message("used /show")).to_contain_text("👍 1 · 👎 0")


@pytest.mark.pace(0.8)
async def test_a_video_is_cancelled_by_its_button(chat: Chat, page: Page) -> None:
    await chat.video("a red fox in snow")
    status = chat.message("used /video")
    await status.get_by_role("button", name="Cancel").click()
    await expect(status).to_contain_text("Cancelled")
    await expect(status.get_by_role("button", name="Cancel")).to_have_count(0)
    await expect(chat.message("Only you can see this")).to_be_visible()


async def test_options_are_chosen_with_the_keyboard_alone(chat: Chat, page: Page) -> None:
    await chat.command("video")
    await page.keyboard.type("a red fox size:")
    option = page.get_by_role("option", name="Tall")
    await expect(option).to_be_visible()
    await page.keyboard.type("Tall")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(chat.message("used /video")).to_contain_text("720×1280")


async def test_a_command_that_lacks_an_option_says_so_and_keeps_the_rest(chat: Chat, page: Page) -> None:
    await chat.command("video")
    await page.keyboard.press("Enter")
    field = chat.composer.get_by_role("textbox", name="prompt")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(chat.composer.get_by_role("alert").filter(has_text="required")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(chat.composer.get_by_role("combobox")).to_be_focused()


async def test_the_first_step_is_one_click_away(chat: Chat, page: Page) -> None:
    idea = page.get_by_role("list", name="Ideas for a first video").get_by_role("button").first
    text = await idea.inner_text()
    await idea.click()
    await expect(chat.composer.get_by_role("textbox", name="prompt")).to_have_value(text)
    await page.keyboard.press("Enter")
    await expect(chat.message("used /video")).to_contain_text(text)


@pytest.mark.pace(0.8)
async def test_autocomplete_asks_the_bot(chat: Chat, page: Page) -> None:
    await chat.video("a green boat")
    await expect(chat.message("used /video")).to_contain_text("Rendering")
    await chat.command("cancel")
    await page.keyboard.type("green")
    option = page.get_by_role("option", name="a green boat")
    await expect(option).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(chat.message("used /video")).to_contain_text("Cancelled")
