"""Who acts and where: members, channels, tabs, reloads, lost connections, themes, the phone."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.commands.sandboxed import SandboxedBot
from bot.sandbox.server import SandboxServer
from tests.actor import Actor
from tests.page.chat import Chat


@pytest.mark.pace(0.8)
async def test_a_stranger_is_refused(chat: Chat, page: Page) -> None:
    await chat.video("a red fox in snow")
    status = chat.message("used /video")
    await expect(status).to_contain_text("Rendering")
    await chat.act_as("Sam")
    refused = "You do not have permission to send messages in this channel."
    await expect(page.get_by_placeholder(refused)).to_be_disabled()
    await expect(chat.composer.get_by_role("button", name="Commands")).to_be_hidden()
    await status.get_by_role("button", name="Cancel").click()
    refusal = chat.message("Only the person who asked for")
    await expect(refusal).to_contain_text("Only you can see this")
    await chat.act_as("Mara")
    await expect(chat.messages.filter(has_text="Only the person who asked for")).to_have_count(0)
    await expect(chat.composer.get_by_role("combobox")).to_be_visible()


async def test_a_private_answer_is_seen_by_one_member_alone(chat: Chat, page: Page) -> None:
    await chat.command("queue")
    await page.keyboard.press("Enter")
    await expect(chat.message("Nothing is being made")).to_contain_text("Only you can see this")
    await chat.act_as("Olive")
    await expect(chat.messages).to_have_count(0)
    await chat.act_as("Mara")
    await chat.message("Nothing is being made").get_by_role("button", name="Dismiss").click()
    await expect(chat.messages).to_have_count(0)


async def test_channel_and_member_survive_a_reload_and_tabs_are_apart(
    chat: Chat, page: Page, context: BrowserContext, server: SandboxServer
) -> None:
    await page.get_by_role("button", name="New channel").click()
    await page.keyboard.type("films")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="#films", exact=True)).to_be_visible()
    await chat.act_as("Olive")
    await chat.composer.get_by_role("combobox").fill("from the owner")
    await page.keyboard.press("Enter")
    await expect(chat.message("from the owner")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="#films", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Acting as Olive")).to_be_visible()
    await expect(chat.message("from the owner")).to_be_visible()

    other = await Chat.open(await context.new_page(), server.page_url)
    await expect(other.page.get_by_role("button", name="Acting as Mara")).to_be_visible()
    await other.page.get_by_role("button", name="films").click()
    await expect(other.message("from the owner")).to_be_visible()
    await other.composer.get_by_role("combobox").fill("hello from the other tab")
    await other.page.keyboard.press("Enter")
    await expect(chat.message("hello from the other tab")).to_be_visible()


async def test_unread_messages_and_pings_are_marked(chat: Chat, page: Page, person: Actor) -> None:
    channel = await person.call("POST", "channels", {"name": "films"})
    owner = (await person.call("GET", "world"))["members"][0]["user"]["id"]
    body = {"channel_id": channel["id"], "user_id": owner, "content": f"<@{person.user_id}> come"}
    await person.call("POST", "messages", body)
    entry = page.get_by_role("navigation", name="Channels").get_by_role("button", name="films")
    await expect(entry).to_have_accessible_name("films, 1 unread, 1 mention")
    await expect(page).to_have_title("(1) #general · Reelbot sandbox")
    await entry.click()
    await expect(page).to_have_title("#films · Reelbot sandbox")
    await expect(chat.message("come")).to_contain_text("@Mara")


@pytest.mark.pace(0.8)
async def test_commands_work_in_a_direct_message(chat: Chat, page: Page) -> None:
    await page.get_by_role("button", name="Message Reelbot").click()
    await expect(page.get_by_role("heading", name="Reelbot", exact=True)).to_be_visible()
    await chat.video("a red fox in snow")
    await expect(chat.message("used /video")).to_contain_text("Rendering")


async def test_a_lost_connection_is_told_and_made_up_for(
    page: Page, server: SandboxServer, bot: SandboxedBot, person: Actor, context: BrowserContext
) -> None:
    chat = await Chat.open(page, server.page_url)
    await context.route_web_socket("**/socket*", lambda socket: None)  # new ones lead nowhere
    banner = page.get_by_role("alert").filter(has_text="The connection to the sandbox is lost")
    await expect(banner).to_be_hidden()
    for socket in tuple(server._control._feed._sockets):
        await socket.close()
    await expect(banner).to_be_visible()
    await person.call("POST", "messages", {"content": "while you were away"})
    await context.unroute_all()
    await page.reload()
    await expect(chat.message("while you were away")).to_be_visible()


async def test_light_and_dark_and_the_choice_stays(chat: Chat, page: Page) -> None:
    async def ground() -> str:
        return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = await ground()
    await page.get_by_role("button", name="Theme").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    dark = await ground()
    assert light != dark
    await page.reload()
    await expect(chat.composer).to_be_visible()
    assert await ground() == dark


@pytest.mark.phone
async def test_a_phone_shows_everything_in_its_width(chat: Chat, page: Page) -> None:
    assert await page.evaluate("innerWidth") == 390
    await expect(page.get_by_role("navigation", name="Channels")).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await expect(page.get_by_role("navigation", name="Channels")).to_be_visible()
    await page.get_by_role("button", name="general").click()
    await expect(page.get_by_role("navigation", name="Channels")).to_be_hidden()
    await chat.video("a red fox trots through fresh snow at dawn")
    result = chat.message("Your video is ready")
    await expect(result.locator("video")).to_be_visible()
    box = await result.locator("video").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    small = await page.get_by_role("button").evaluate_all(
        """buttons => buttons.filter(b => b.checkVisibility() && !b.closest(".md-text"))
          .map(b => [b.getAttribute("aria-label") || b.textContent, b.getBoundingClientRect()])
          .filter(([, box]) => box.width && box.height < 24).map(([name]) => name)"""
    )
    assert small == []
