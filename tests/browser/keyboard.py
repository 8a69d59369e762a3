"""Going through a page by keyboard, where every stop has to be seen."""

from playwright.sync_api import Locator, Page

STOPS_AT_MOST = 80

# What is wrong with where the focus is: no ring, or wholly behind something else.
FOCUS_FAULT = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!ring) return `no focus ring: ${at.outerHTML.slice(0, 120)}`;
  const box = at.getBoundingClientRect();
  const points = (start, length) => [0.1, 0.5, 0.9].map((part) => start + part * length);
  const xs = points(box.left, box.width);
  const ys = points(box.top, box.height);
  const isSeen = xs.some((x) => ys.some((y) => {
    const top = document.elementFromPoint(x, y);
    return top && (at.contains(top) || top.contains(at));
  }));
  return isSeen ? "" : `focus behind something: ${at.outerHTML.slice(0, 120)}`;
}"""


def is_focused(target: Locator) -> bool:
    focused: bool = target.evaluate("(element) => element === document.activeElement")
    return focused


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; every stop on the way must be visible."""
    for _ in range(STOPS_AT_MOST):
        page.keyboard.press("Tab")
        assert not (fault := page.evaluate(FOCUS_FAULT)), fault
        if is_focused(target):
            return
    raise AssertionError(f"no way by Tab to {target}")
