"""Process graphs, independent of procedures: reachability, and the longest simple path."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)

#: Partial paths looked at before a graph counts as too tangled to judge.
BUDGET = 200_000


class TooTangled(Exception):
    """The graph has too many simple paths to search."""


def reached(graph: Mapping[Node, Sequence[Node]], starts: Iterable[Node]) -> frozenset[Node]:
    """Every node on some path from the starts, the starts too."""
    seen: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph.get(node, ())
    return frozenset(seen)


def leading_to(graph: Mapping[Node, Sequence[Node]], ends: Iterable[Node]) -> frozenset[Node]:
    """Every node from which one of the ends can be reached, the ends too."""
    backwards: dict[Node, list[Node]] = {}
    for node, others in graph.items():
        for other in others:
            backwards.setdefault(other, []).append(node)
    return reached(backwards, ends)


def longest(
    graph: Mapping[Node, Sequence[Node]], weight: Mapping[Node, int], first: Node, budget: int = BUDGET
) -> tuple[int, tuple[Node, ...]]:
    """The heaviest path from `first` that visits no node twice, with its weight.

    Nodes without a weight end a path and weigh nothing. Raises `TooTangled` past the budget.
    """
    best: tuple[int, tuple[Node, ...]] = (0, ())
    waiting: list[tuple[tuple[Node, ...], int]] = [((first,), weight[first])]
    for _ in range(budget):
        if not waiting:
            return best
        path, so_far = waiting.pop()
        if so_far > best[0] or not best[1]:
            best = (so_far, path)
        for other in dict.fromkeys(graph.get(path[-1], ())):
            if other in weight and other not in path:
                waiting.append(((*path, other), so_far + weight[other]))
    raise TooTangled
