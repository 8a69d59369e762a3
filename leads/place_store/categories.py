"""The categories of a dataset as a tree: whoever looks for restaurants finds pizzerias too.

Each step of a path ("food_and_drink>restaurant>pizza_restaurant") is one node with a number. A
name that comes without a path, as alternates do, gets the path under which the dataset knows it,
else that of the category its last words name ("used_car_dealer" is a "car_dealer").
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from leads.place_store import schema
from leads.place_store.columns import PATH_SIGN
from leads.place_store.words import phrase_of, words_of

MAX_NODES = 100_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One category of a place, and what the index is told of it, by level.

    The index learns the category with all its parents, and the words of its name.
    """

    number: int
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
        self._kind = lru_cache(maxsize=1 << 16)(self._read_kind)

    def kinds(self, path: str | None, alternates: str | None) -> list[Kind]:
        """Return what a place is, its main category first."""
        written = [path] if path else []
        if alternates:
            written += alternates.split("\n")
        return [kind for kind in map(self._kind, written) if kind is not None]

    def nodes(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield every node as (number, its phrase, its name, its path)."""
        for path, number in self._numbers.items():
            yield number, phrase_of(path[-1]), path[-1], PATH_SIGN.join(path)

    def _read_kind(self, path: str) -> Kind | None:
        steps = self._placed(_steps(path))
        numbers = [self._number(steps[:end]) for end in range(1, len(steps) + 1)]
        if not numbers or not numbers[-1]:
            return None
        words = " ".join(words_of(steps[-1]))
        indexed = (
            " ".join((words, *(schema.category_token(number, level) for number in numbers)))
            for level in range(schema.LEVELS)
        )
        return Kind(numbers[-1], tuple(indexed))

    def _placed(self, steps: tuple[str, ...]) -> tuple[str, ...]:
        if len(steps) != 1:
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


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step.strip() for step in path.split(PATH_SIGN) if step.strip())
