"""The drawer: calls and frames as they happen, the video API's jobs, faults, a restart, time that passes."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.page.chat import Chat


async def opened(page: Page, tab: str) -> Locator:
    """Open the drawer at a tab."""
    drawer = page.get_by_role("complementary", name="Under the hood")
    if not await drawer.is_visible():
        await page.get_by_role("button", name="Under the hood").click()
    await drawer.get_by_role("tab", name=tab).click()
    return drawer.get_by_role("tabpanel", name=tab)


@pytest.mark.pace(0.5)
async def test_calls_frames_and_jobs_are_shown_as_they_happen(chat: Chat, page: Page) -> None:
    await opened(page, "Video jobs")
    await chat.video("a red fox in snow")
    jobs = await opened(page, "Video jobs")
    await expect(jobs).to_contain_text("a red fox in snow")
    await expect(jobs.get_by_role("progressbar")).to_be_visible()
    calls = await opened(page, "REST calls")
    await expect(calls).to_contain_text("/callback")
    await expect(calls).to_contain_text("200")
    frames = await opened(page, "Gateway")
    await expect(frames).to_contain_text("INTERACTION_CREATE")


@pytest.mark.pace(0.5)
async def test_a_restart_of_the_bot_and_a_cut_connection_lose_nothing(chat: Chat, page: Page) -> None:
    await chat.video("a red fox in snow")
    await expect(chat.message("used /video")).to_contain_text("Rendering")
    panel = await opened(page, "Bot")
    await panel.get_by_role("button", name="Restart Reelbot").click()
    await expect(page.get_by_role("status").filter(has_text="is offline")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="is online")).to_be_visible()
    faults = await opened(page, "Faults")
    await faults.get_by_role("button", name="Cut the connection").click()
    await expect(chat.message("Your video is ready")).to_be_visible()


async def test_faults_wait_can_be_cleared_and_do_not_stop_a_video(chat: Chat, page: Page) -> None:
    faults = await opened(page, "Faults")
    await faults.get_by_role("button", name="500 three times").click()
    await expect(faults).to_contain_text("The next 3 calls: answer 500")
    await faults.get_by_role("button", name="Clear all").click()
    await expect(faults).to_contain_text("None. Everything works.")
    await faults.get_by_role("button", name="Lose the next reply").click()
    await chat.video("a red fox in snow")
    await expect(chat.message("Your video is ready")).to_be_visible()
    await expect(chat.messages.filter(has_text="Your video is ready")).to_have_count(1)


async def test_time_passes_and_old_links_still_show(chat: Chat, page: Page) -> None:
    panel = await opened(page, "Bot")
    before = await panel.locator("time").inner_text()
    await panel.get_by_role("button", name="Let 15 minutes pass").click()
    await expect(panel.locator("time")).not_to_have_text(before)
    await chat.video("a red fox in snow")
    await expect(chat.message("Your video is ready")).to_be_visible()
