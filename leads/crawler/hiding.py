"""Shows a parsed page the way people see it: hidden elements go, reversed text is turned round."""

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from leads.crawler.scanning import Values
from leads.crawler.styles import StyleHints, hides, reverses

MAX_STYLED = 3000
MAX_HIDDEN = 200
MAX_REVERSED = 20
MAX_DEPTH = 500
SHORT_TEXT = 200  # a rule by class hides only small things here: whole sections open on a click

Styled = tuple[LexborNode, Values]

_STYLED = "[style],[hidden],bdo"
_MARK = "x-veiled"
_ROOT_TAGS = frozenset({"html", "body", "head"})


def unveil(root: LexborNode, source: str, hints: StyleHints) -> None:
    """Change the tree under `root`: reversed text is written forwards, hidden elements are gone."""
    styled = _styled(root)
    turned = _reversed_nodes(root, styled, hints)
    if turned:
        _turn_round(turned)
        styled = _styled(root)  # some of the old ones are gone
    _drop(root, _hidden_nodes(root, styled, source, hints))


def _styled(root: LexborNode) -> list[Styled]:
    """Return the elements that may be hidden or reversed by themselves, with their attributes."""
    return [(node, node.attributes) for node in root.css(_STYLED)[:MAX_STYLED]]


def _styles_that(judge: Callable[[str], bool], styled: list[Styled]) -> set[str]:
    """Return the inline styles of which `judge` is true; pages repeat few of them many times."""
    return set(filter(judge, {values.get("style") or "" for _, values in styled}))


def _reversed_nodes(root: LexborNode, styled: list[Styled], hints: StyleHints) -> list[LexborNode]:
    found = [node for name in hints.reversed for node in root.css(name)[:MAX_REVERSED]]
    turning = _styles_that(reverses, styled)
    for node, values in styled:
        right_to_left = (values.get("dir") or "").lower() == "rtl" and node.tag == "bdo"
        if right_to_left or values.get("style") in turning:
            found.append(node)
    return found[:MAX_REVERSED]


def _turn_round(nodes: list[LexborNode]) -> None:
    """Reverse the text of the outermost of `nodes`; the inner ones vanish into it."""
    marked = {node.mem_id for node in nodes}
    outermost = {node.mem_id: node for node in nodes if not _stands_in(node, marked)}
    for node in outermost.values():
        if node.tag not in _ROOT_TAGS:
            text = node.text()
            node.inner_html = ""
            node.insert_child(text[::-1])


def _stands_in(node: LexborNode, marked: set[int]) -> bool:
    """Tell whether an ancestor is marked (or too far up to be sure that none is)."""
    parent = node.parent
    for _ in range(MAX_DEPTH):
        if parent is None:
            return False
        if parent.mem_id in marked:
            return True
        parent = parent.parent
    return True


def _hidden_nodes(
    root: LexborNode, styled: list[Styled], source: str, hints: StyleHints
) -> list[LexborNode]:
    hiding = _styles_that(hides, styled)
    found = [node for node, values in styled if "hidden" in values or values.get("style") in hiding]
    for name in hints.hidden:
        if source.count(name[1:]) > 1:  # used somewhere beside the rule itself
            small = (node for node in root.css(name) if len(node.text()) <= SHORT_TEXT)
            found += [node for node, _ in zip(small, range(MAX_HIDDEN), strict=False)]
    return found[:MAX_HIDDEN]


def _drop(root: LexborNode, hidden: list[LexborNode]) -> None:
    """Remove what nobody sees, except where that is most of the page (a loading screen)."""
    if not hidden:
        return
    most = len(root.text()) // 2
    for node in hidden:
        length = len(node.text())
        if node.tag not in _ROOT_TAGS and (length <= SHORT_TEXT or length < most):
            node.attrs[_MARK] = ""
    # Inner elements first: a removed element takes its children with it.
    for node in reversed(root.css(f"[{_MARK}]")):
        node.decompose()
