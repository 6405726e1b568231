"""A person at a browser whose every page is checked: policy, console, accessibility, valid HTML."""

import os
import re
from pathlib import Path

import html5lib
from axe_playwright_python.sync_playwright import Axe
from html5lib.html5parser import ParseError
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response
from playwright.sync_api import Error as PlaywrightError

SHOTS = os.environ.get("THRESHOLD_TEST_SHOTS")
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.__refused.push(event.violatedDirective + " " + event.blockedURI));
"""
TALLEST = 2400  # pixels of a picture
HEIGHT = 800
OTHER = {360: 1280, 1280: 360}
WIDER = "document.documentElement.scrollWidth - innerWidth"


class Visitor:
    """One browser profile. `look()` checks the page that is open; faults gather in `faults`."""

    def __init__(
        self, browser: Browser, url: str, width: int, dark: bool = False, script: bool = True
    ) -> None:
        self.url, self.width, self.dark, self.script = url, width, dark, script
        self.faults: list[str] = []
        self._documents: list[Response] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            has_touch=width < 600,
            java_script_enabled=script,
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
        is_document = response.request.resource_type == "document"
        if is_document and not 300 <= response.status < 400:
            self._documents.append(response)

    def look(self, name: str = "") -> None:
        """Check the open page; THRESHOLD_TEST_SHOTS names a folder for its picture."""
        self._check_markup()
        if self.script:
            refused = self.page.evaluate("window.__refused || []")
            self.faults += [f"policy refused {what} on {self.page.url}" for what in refused]
            found = Axe().run(self.page, options={"resultTypes": ["violations"]})
            for violation in found.response["violations"]:
                nodes = "; ".join(" ".join(map(str, n["target"])) for n in violation["nodes"][:4])
                self.faults.append(f"axe {violation['id']} on {self.page.url}: {nodes}")
        self._check_widths()
        if SHOTS and name:
            self._picture(Path(SHOTS) / f"{name}-{self.width}{'-dark' if self.dark else ''}.png")

    def _check_widths(self) -> None:
        """Nothing sticks out, on this screen and for a moment on the other kind."""
        tall = {"height": HEIGHT}
        for width in (OTHER[self.width], self.width) if self.width in OTHER else (self.width,):
            self.page.set_viewport_size({"width": width, **tall})
            if (wide := self.page.evaluate(WIDER)) > 0:
                self.faults.append(f"{self.page.url} is {wide} px wider than {width} px")

    def _picture(self, path: Path) -> None:
        """The page from its head on; a long one is cut where nobody would look any more."""
        path.parent.mkdir(parents=True, exist_ok=True)
        height, scrolled = self.page.evaluate("[document.documentElement.scrollHeight, scrollY]")
        self.page.evaluate("scrollTo(0, 0)")
        clip = {"x": 0, "y": 0, "width": self.width, "height": min(height, TALLEST)}
        self.page.screenshot(path=path, full_page=True, clip=clip)
        self.page.evaluate("y => scrollTo(0, y)", scrolled)

    def _check_markup(self) -> None:
        """The newest document as it came from the server, before script changed it."""
        if not self._documents:
            return  # moved by script alone, or this very document was looked at before
        response = self._documents[-1]
        self._documents.clear()
        try:
            html5lib.HTMLParser(strict=True).parse(response.text())
        except ParseError as error:
            self.faults.append(f"invalid HTML at {response.url}: {error}")

    def go(self, path: str, name: str = "") -> None:
        """Open a page of the site and check it."""
        try:
            self.page.goto(path)
        except PlaywrightError as error:
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(path)  # a page moving on by itself came first: again, as a person
        self.look(name)

    def control(self, words: str) -> Locator:
        """The first button or link with exactly these words (its icon and badge aside)."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$")
        return (
            self.page.get_by_role("button", name=exactly)
            .or_(self.page.get_by_role("link", name=exactly))
            .first
        )

    def press(self, words: str) -> None:
        """Press the button or follow the link with these words."""
        self.control(words).click()
        self.page.wait_for_load_state()

    def fill(self, **fields: str) -> None:
        """Type into the fields with these names."""
        for name, text in fields.items():
            self.page.locator(f"[name={name}]:visible").fill(text)

    def sees(self, words: str) -> bool:
        """Whether these words come to stand on the page."""
        self.page.get_by_text(words).first.wait_for()
        return True

    def heading(self, words: str) -> None:
        """Wait for the page with this heading."""
        self.page.get_by_role("heading", level=1, name=words).wait_for()

    def done(self, name: str = "") -> None:
        """Close, and fail when anything was found; name: of the picture of where it ended."""
        if SHOTS and name and self.context.pages:
            self._picture(Path(SHOTS) / "ends" / f"{name}.png")
        self.context.close()
        assert not self.faults, "\n".join(dict.fromkeys(self.faults))
