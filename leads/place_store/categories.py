"""The categories of a dataset as a tree: whoever looks for restaurants finds pizzerias too.

Each step of a path ("food_and_drink>restaurant>pizza_restaurant") is one node with a number. A
name that comes without a path, as alternates do, gets the path under which the dataset knows it,
else that of the category its last words name ("used_car_dealer" is a "car_dealer").
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from leads.place_store import schema
from leads.place_store.columns import PATH_SIGN
from leads.place_store.words import phrase_of, words_of

MAX_NODES = 100_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a place is: its own categories, and what the index is told, by level.

    The index learns these categories with all their parents, and the words of their names.
    """

    own: str
    indexed: tuple[str, ...]


class Categories:
    """Numbers the nodes as they turn up, from 1 on."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the paths that the dataset knows, the most frequent first."""
        self._numbers: dict[tuple[str, ...], int] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        steps = [_steps(path) for path in paths]
        for known in sorted(steps, key=len, reverse=True):
            if known:
                self._known.setdefault(phrase_of(known[-1]), known)
        self.kinds = lru_cache(maxsize=1 << 16)(self._kinds)

    def nodes(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield every node as (number, its phrase, its name, its path)."""
        for path, number in self._numbers.items():
            yield number, phrase_of(path[-1]), path[-1], PATH_SIGN.join(path)

    def _kinds(self, path: str | None, alternates: str | None) -> Kinds:
        written = [path or "", *(alternates or "").split("\n")]
        paths = [self._placed(steps) for steps in map(_steps, written) if steps]
        own = [self._number(steps) for steps in paths]
        every = [self._number(steps[:end]) for steps in paths for end in range(1, len(steps) + 1)]
        words = [word for steps in paths for word in words_of(steps[-1])]
        numbers = _once(every)
        indexed = (
            " ".join((*_once(words), *(schema.category_token(number, level) for number in numbers)))
            for level in range(schema.LEVELS)
        )
        return Kinds(" ".join(map(str, _once(own))), tuple(indexed))

    def _placed(self, steps: tuple[str, ...]) -> tuple[str, ...]:
        if len(steps) > 1:
            return steps
        words = words_of(steps[0])
        for start in range(len(words)):
            known = self._known.get(" ".join(words[start:]))
            if known is not None:
                return known if start == 0 else (*known, steps[0])
        return steps

    def _number(self, steps: tuple[str, ...]) -> int:
        """Return the number of a node, 0 where there are too many to be real."""
        if steps not in self._numbers and len(self._numbers) >= MAX_NODES:
            return 0
        return self._numbers.setdefault(steps, len(self._numbers) + 1)


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return what is there (a number 0 is not) in order, each item once."""
    return tuple(dict.fromkeys(item for item in items if item))


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step.strip() for step in path.split(PATH_SIGN) if step.strip())
