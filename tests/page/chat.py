"""What a person does on the page, in the person's words."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Self

from playwright.async_api import Locator, Page, expect

PATIENCE_MS = 60_000

PASTE = """([encoded, name, type]) => {
  const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


class Chat:
    """The open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.get_by_role("region", name="Write")
        self.messages = page.get_by_role("list", name="Messages", exact=True).locator("li[data-id]")

    @classmethod
    async def open(cls, page: Page, url: str) -> Self:
        """Open the page and wait until the bot's commands are known."""
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        await page.goto(url)
        await expect(page.get_by_role("status").filter(has_text="is online")).to_be_visible()
        return cls(page)

    async def command(self, typed: str) -> None:
        """Pick a command with the keyboard: type its beginning, press Enter."""
        await self.composer.get_by_role("combobox").press_sequentially(f"/{typed}")
        await expect(self.page.get_by_role("option", name=f"/{typed}").first).to_be_visible()
        await self.page.keyboard.press("Enter")

    async def video(self, prompt: str) -> None:
        """Ask for a video with the keyboard alone."""
        await self.command("video")
        await self.page.keyboard.type(prompt)
        await self.page.keyboard.press("Enter")

    async def paste(self, data: bytes, name: str = "picture.png", content_type: str = "image/png") -> None:
        """Paste a file where the cursor is."""
        await self.page.evaluate(PASTE, [base64.b64encode(data).decode(), name, content_type])

    def message(self, text: str) -> Locator:
        """Return the newest message with this text."""
        return self.messages.filter(has_text=text).last

    async def act_as(self, name: str) -> None:
        """Choose who acts."""
        await self.page.get_by_role("button", name="Acting as").click()
        await self.page.get_by_role("option", name=name).click()
        await expect(self.page.get_by_role("button", name=f"Acting as {name}")).to_be_visible()

    async def texts_until(self, locator: Locator, done: Callable[[], Awaitable[bool]]) -> list[str]:
        """Collect the different texts that a message shows until something is so."""
        seen: list[str] = []
        async with asyncio.timeout(60):
            while not await done():
                text = await locator.inner_text()
                if not seen or seen[-1] != text:
                    seen.append(text)
                await asyncio.sleep(0.05)
        return seen
