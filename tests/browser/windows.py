"""A browser window that notes what its pages complain about and whom they ask."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

SIZES = {"wide": (1280, 900), "narrow": (360, 800)}
THEMES = ("light", "dark")
# Together they show axe both sizes and both themes in half the time of all four.
EXAMINED = {("wide", "light"), ("narrow", "dark")}
NARROWEST = 320
TABLET = 700
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# WCAG 2.5.8 leaves out links within a sentence: the line they stand in decides their height.
SMALL_TARGETS = """() => {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const isShown = (element, box) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    box.width > 1 && box.bottom > 0 && box.right > 0;
  const isInSentence = (element) =>
    getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  return [...document.querySelectorAll(targets)]
    .filter((element) => !element.closest("#swagger-ui"))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => isShown(element, box) && !isInSentence(element))
    .filter(([, box]) => box.width < 23.9 || box.height < 23.9)
    .map(([element, box]) =>
      `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 120)}`);
}"""
# What a box cuts off without a way to scroll there can be neither seen nor pressed.
CUT_OFF_TARGETS = """() => {
  const cutOffBy = (element, right) => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      const overflow = getComputedStyle(box).overflowX;
      if (overflow === "auto" || overflow === "scroll") return false;
      if (overflow !== "visible" && right > box.getBoundingClientRect().right + 1) return true;
    }
    return false;
  };
  return [...document.querySelectorAll("main a[href], main button, main select")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.closest("#swagger-ui, dialog"))
    .filter((element) => cutOffBy(element, element.getBoundingClientRect().right))
    .map((element) => element.outerHTML.slice(0, 120));
}"""
# A colour on its way from one theme to the other is a contrast that nobody reads.
SETTLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  await frame();
}"""
WIDTH_BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Window:
    """One page of a browser; `complaints` and `strangers` stay empty if all is well."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_line)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> int:
        """Go to a path of the site and wait until it is loaded; returns the status."""
        response = self.page.goto(self.site + path, wait_until="load")
        assert response is not None
        return response.status

    def asked_for(self, part: str) -> int:
        """Return how many requests had this in their URL so far."""
        return sum(part in url for url in self.asked)

    def _note_request(self, request: Request) -> None:
        self.asked.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.site).netloc:
            self.strangers.append(request.url)

    def _note_line(self, line: ConsoleMessage) -> None:
        # The browser logs a page with an error status, such as a refused form, as failed to load.
        is_page_itself = line.location.get("url") == self.page.url
        if line.type in {"error", "warning"} and not is_page_itself:
            self.complaints.append(line.text)


class Inspector:
    """Looks at a page as it stands, in both sizes and both themes."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.axe = Axe()

    def faults_of(
        self, window: Window, name: str, *, without: tuple[str, ...] = (), outside: str = ""
    ) -> list[str]:
        """Return everything that is wrong with the page; keeps screenshots if there is a folder.

        `without` names rules to leave out, `outside` a selector that axe does not look into.
        """
        page = window.page
        faults: list[str] = []
        for size, theme in [(size, theme) for size in SIZES for theme in THEMES]:
            look = f"{name}-{size}-{theme}"
            if self.folder or (size, theme) in EXAMINED:
                show(page, SIZES[size], theme)
            if self.folder:
                page.screenshot(path=self.folder / f"{look}.png", full_page=True)
            if (size, theme) not in EXAMINED:
                continue
            faults += [f"{look}: {fault}" for fault in self._axe(page, without, outside)]
            if "small-target" not in without:
                faults += [f"{look}: small target {box}" for box in page.evaluate(SMALL_TARGETS)]
        for width in (TABLET, SIZES["narrow"][0], NARROWEST):
            page.set_viewport_size({"width": width, "height": 800})
            if (beyond := page.evaluate(WIDTH_BEYOND)) > 0:
                faults.append(f"{name}: {beyond} px too wide at {width} px")
            cut_off = page.evaluate(CUT_OFF_TARGETS)
            faults += [f"{name}: cut off at {width} px: {target}" for target in cut_off]
        faults += [f"{name}: console: {line}" for line in window.complaints]
        return faults + [f"{name}: asked another host: {url}" for url in window.strangers]

    def _axe(self, page: Page, without: tuple[str, ...], outside: str) -> list[str]:
        if page.evaluate("typeof window.axe") == "undefined":
            page.evaluate(self.axe.axe_script)
        left_out = {name: {"enabled": False} for name in without if name != "small-target"}
        options = {
            "runOnly": {"type": "tag", "values": TAGS},
            "rules": {"target-size": {"enabled": True}} | left_out,
            "resultTypes": ["violations"],
        }
        context: dict[str, Any] = {"exclude": [[outside]]} if outside else {"include": [["html"]]}
        response = page.evaluate(f"axe.run({json.dumps(context)}, {json.dumps(options)})")
        results = AxeResults(response)
        return [results.generate_report()] if results.violations_count else []


def show(page: Page, size: tuple[int, int], theme: str) -> None:
    """Give the page a size and a theme, as the system would, and wait until both are painted."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.evaluate(SETTLE)
