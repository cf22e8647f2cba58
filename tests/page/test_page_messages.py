"""Messages on the page: everything is text, live changes, buttons, selects, modals, replies, reactions."""

import base64

import aiohttp
from playwright.async_api import Page, expect

from bot.sandbox.server import SandboxServer
from tests.actor import Actor
from tests.page.chat import Chat
from tests.sandbox.rawbot import RawBot, RawGateway

HOSTILE = [
    "<img src=x onerror=\"document.body.dataset.owned='1'\">",
    "<script>document.body.dataset.owned='1'</script>",
    "[click me](javascript:document.body.dataset.owned='1')",
    "javascript:alert(1) data:text/html,<b>x</b>",
    "w" * 2000,
    "**" * 900,
    "> " * 900,
    "||" * 900,
    "`" * 1999,
    "[" * 1999,
    "<t:99999999999999999999:R> <@0> <#0> <@&0> <:x:1> <a:x:2>",
    "\u202egnp.exe ﷽ Z̴̡͝a̶̛͗l̵͙̆g̵̛̎o",
    '"><svg onload=alert(1)>',
]


async def test_hostile_messages_are_shown_as_text_and_break_nothing(
    chat: Chat, page: Page, person: Actor
) -> None:
    for content in HOSTILE:
        await person.call("POST", "messages", {"content": content})
    last = chat.messages.last
    await expect(last).to_contain_text("<svg onload=alert(1)>")
    await expect(chat.message("<img src=x onerror=")).to_be_visible()
    await expect(chat.message("<script>document")).to_be_visible()
    await expect(chat.message("w" * 1990)).to_be_visible()
    assert await page.evaluate("document.body.dataset.owned") is None
    links = await chat.messages.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert all(protocol in ("http:", "https:") for protocol in links), links
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scroller = page.get_by_role("region", name="Channel")
    assert await scroller.evaluate("element => element.scrollWidth <= element.clientWidth")
    await chat.video("still works")
    await expect(chat.message("used /video")).to_contain_text("still works")


async def test_a_prompt_that_looks_like_markup_is_text_too(chat: Chat, page: Page) -> None:
    await chat.video("**bold** <b>x</b> [a](https://example.org) <@1> ||no||")
    status = chat.message("used /video")
    await expect(status).to_contain_text("**bold** <b>x</b> [a](https")
    assert await status.locator("b, strong:has-text('bold'), a[href*='example.org']").count() == 0


async def test_a_message_of_4000_characters_in_one_word_fits_a_phone(
    page: Page, server: SandboxServer, raw: RawBot
) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(server.page_url)
    await raw.send(embeds=[{"description": "w" * 4000, "title": "t" * 256}])
    await expect(page.get_by_text("w" * 3990)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scroller = page.get_by_role("region", name="Channel")
    assert await scroller.evaluate("element => element.scrollWidth <= element.clientWidth")


async def test_an_edit_comes_live_and_the_reader_keeps_the_place(
    page: Page, server: SandboxServer, raw: RawBot, person: Actor
) -> None:
    first = (await raw.send(content="line 0")).body
    for number in range(1, 40):
        await person.call("POST", "messages", {"content": f"line {number}\n" * 3})
    await page.goto(server.page_url)
    scroller = page.get_by_role("region", name="Channel")
    await expect(page.get_by_text("line 39").first).to_be_visible()

    async def at_end() -> bool:
        return bool(await scroller.evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 2"))

    assert await at_end()
    await raw.send(content="the newest")
    await expect(page.get_by_text("the newest", exact=True)).to_be_in_viewport()
    assert await at_end()

    await scroller.evaluate("e => { e.scrollTop = e.scrollHeight / 2 }")
    read = page.locator("li[data-id]").nth(20)
    before = await read.bounding_box()
    path = f"/channels/{server.channel_id}/messages/{first['id']}"
    await raw.call("PATCH", path, {"content": "changed\n" * 12})
    await expect(page.get_by_text("(edited)")).to_have_count(1)
    await raw.send(content="while reading")
    await expect(page.get_by_role("button", name="1 new")).to_be_visible()
    after = await read.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2, "the page jumped"
    await page.get_by_role("button", name="1 new").click()
    await expect(page.get_by_text("while reading", exact=True)).to_be_in_viewport()


async def test_a_modal_takes_every_kind_of_field(
    page: Page, server: SandboxServer, raw: RawBot, session: aiohttp.ClientSession
) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Rate", "custom_id": "rate"}]}
    await raw.send(content="how was it?", components=[row])
    await page.goto(server.page_url)
    async with session.ws_connect(server.discord_gateway_url) as socket:
        gateway = RawGateway(socket)
        assert (await gateway.frame())["op"] == 10
        await gateway.identify(server.token, 1)
        await gateway.event("GUILD_CREATE")
        await page.get_by_role("button", name="Rate").click()
        options = [{"label": f"{n} stars", "value": str(n)} for n in range(1, 4)]
        fields = [
            ("What could be better?", {"type": 4, "style": 2, "custom_id": "text", "max_length": 50}),
            ("Quality", {"type": 21, "custom_id": "quality", "options": options}),
            ("What fits", {"type": 22, "custom_id": "fits", "options": options, "required": False}),
            ("Style", {"type": 3, "custom_id": "style", "options": options}),
            ("A picture", {"type": 19, "custom_id": "file", "required": False}),
        ]
        components = [{"type": 18, "label": label, "component": field} for label, field in fields]
        modal = {"custom_id": "m", "title": "Rate in detail", "components": components}
        await raw.answer(await gateway.event("INTERACTION_CREATE"), 9, modal)

        dialog = page.get_by_role("dialog", name="Rate in detail")
        await expect(dialog).to_be_visible()
        await dialog.get_by_role("button", name="Submit").click()
        await expect(dialog.get_by_role("textbox", name="What could be better?")).to_be_focused()
        await page.keyboard.type("More <b>light</b>")
        await dialog.get_by_role("radio", name="2 stars").check()
        await dialog.get_by_role("checkbox", name="1 stars").check()
        await dialog.get_by_label("Style").click()
        await page.get_by_role("option", name="3 stars").click()
        await dialog.get_by_role("button", name="Submit").click()
        event = await gateway.event("INTERACTION_CREATE")
        values = {part["component"]["custom_id"]: part["component"] for part in event["data"]["components"]}
        assert values["text"]["value"] == "More <b>light</b>"
        assert values["quality"]["value"] == "2"
        assert values["fits"]["values"] == ["1"]
        assert values["style"]["values"] == ["3"]
        await raw.answer(event, 4, {"content": "thank you", "flags": 64})
        await expect(page.get_by_role("listitem").filter(has_text="thank you")).to_be_visible()
        await expect(dialog).to_have_count(0)


async def test_what_a_bot_does_not_answer_is_told(page: Page, server: SandboxServer, raw: RawBot) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Silent", "custom_id": "s"}]}
    await raw.send(content="press", components=[row])
    await raw.register({"name": "silent"})
    await page.goto(server.page_url)
    message = page.locator("li[data-id]").filter(has_text="press")
    await message.get_by_role("button", name="Silent").click()
    await expect(message.get_by_role("alert")).to_contain_text("This interaction failed")
    await page.get_by_role("region", name="Write").get_by_role("combobox").press_sequentially("/silent")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    note = page.get_by_role("list", name="Notes that only you see")
    await expect(note).to_contain_text("The application did not respond")


async def test_reactions_replies_and_deletion(chat: Chat, page: Page, person: Actor) -> None:
    await person.call("POST", "messages", {"content": "look at **this**"})
    message = chat.message("look at this")
    await message.hover()
    await message.get_by_role("button", name="Add a reaction").first.click()
    await page.keyboard.type("fire")
    await page.keyboard.press("Enter")
    await expect(message.get_by_role("button", name="🔥")).to_contain_text("1")
    await message.get_by_role("button", name="🔥").click()
    await expect(message.get_by_role("button", name="🔥")).to_have_count(0)

    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await page.keyboard.type("yes")
    await page.keyboard.press("Enter")
    await expect(chat.message("yes")).to_contain_text("look at this")

    await chat.messages.first.hover()
    await chat.messages.first.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await (
        page.get_by_role("button", name="Delete")
        .or_(page.get_by_role("menuitem", name="Delete"))
        .last.click()
    )
    await expect(chat.message("yes")).to_contain_text("deleted")


async def test_a_picture_is_pasted_into_a_message_and_opens_large(chat: Chat, page: Page) -> None:
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    await chat.composer.get_by_role("combobox").click()
    await page.keyboard.type("a picture")
    await chat.paste(pixel, "dot.png")
    await page.keyboard.press("Enter")
    message = chat.message("a picture")
    await message.get_by_role("button", name="dot.png").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
