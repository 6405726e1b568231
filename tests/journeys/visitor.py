"""A person at a browser whose every page is checked: policy, console, accessibility, valid HTML."""

import os
from pathlib import Path

import html5lib
from axe_playwright_python.sync_playwright import Axe
from html5lib.html5parser import ParseError
from playwright.sync_api import Browser, BrowserContext, Page, Response

SHOTS = os.environ.get("THRESHOLD_TEST_SHOTS")
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.__refused.push(event.violatedDirective + " " + event.blockedURI));
"""


class Visitor:
    """One browser profile. `look()` checks the page that is open; faults gather in `faults`."""

    def __init__(self, browser: Browser, url: str, width: int, dark: bool = False) -> None:
        self.url, self.width = url, width
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            has_touch=width < 600,
        )
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("response", self._received)

    def _heard(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        wrong = "Content Security Policy" in text or getattr(message, "type", "") == "error"
        expected = "status of 4" in text or "ERR_INTERNET_DISCONNECTED" in text
        if wrong and not expected:
            self.faults.append(f"console: {text}")

    def _received(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.url}")
        if response.request.resource_type != "document" or 300 <= response.status < 400:
            return
        try:
            html5lib.HTMLParser(strict=True).parse(response.text())
        except ParseError as error:
            self.faults.append(f"invalid HTML at {response.url}: {error}")

    def look(self, name: str = "") -> None:
        """Check the open page; THRESHOLD_TEST_SHOTS names a folder for its picture."""
        refused = self.page.evaluate("window.__refused || []")
        self.faults += [f"policy refused {what} on {self.page.url}" for what in refused]
        found = Axe().run(self.page, options={"resultTypes": ["violations"]})
        for violation in found.response["violations"]:
            nodes = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:4])
            self.faults.append(f"axe {violation['id']} on {self.page.url}: {nodes}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.faults.append(f"{self.page.url} is {wide} px wider than its window")
        if SHOTS and name:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}-{self.width}.png", full_page=True)

    def go(self, path: str, name: str = "") -> None:
        """Open a page of the site and check it."""
        self.page.goto(path)
        self.look(name)

    def press(self, words: str) -> None:
        """Press the button or follow the link with these words."""
        target = self.page.get_by_role("button", name=words).or_(
            self.page.get_by_role("link", name=words)
        )
        target.first.click()
        self.page.wait_for_load_state()

    def done(self) -> None:
        """Close, and fail when anything was found."""
        self.context.close()
        assert not self.faults, "\n".join(dict.fromkeys(self.faults))
