"""Where the headings of a sheet stand, and which column holds which input. Nothing here knows a database.

Sheets that people send begin with titles, have headings in one row or two with merged groups above, a row that numbers
the columns, remarks in brackets («(*)», «(đồng)»), line breaks and letters put together in every possible way. What is
not certain is not guessed: it is left to the person who maps the columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import text
from .sheets import Grid, Value

LOOKED_AT = 40
"""So many filled rows from the top may be headings."""
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ORDER = re.compile(r"\s*\(?\d{1,2}[.)]\s+")


@dataclass(frozen=True)
class Column:
    """A column with a heading: its place from 0, the heading as people read it, and the names by which it may be meant,
    the surest first."""

    index: int
    heading: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Headings:
    """The rows in which the headings stand, the columns, and which input each holds by its place.

    `doubtful` are columns that may mean several inputs, or the same one as another column does. `unnamed` is said when
    no heading was known and the rows were found by their shape alone.
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    matched: Mapping[int, str]
    doubtful: frozenset[int]
    unnamed: bool = False


def folded(heading: str) -> str:
    """A heading as it is compared: small letters without accents, without remarks and numbering."""
    bare = _ORDER.sub(" ", _REMARK.sub(" ", heading), count=1)
    return text.fold(bare)


def find(
    grid: Grid,
    names: Mapping[str, Collection[str]],
    *,
    known: Mapping[str, str] | None = None,
    at: int | None = None,
) -> Headings:
    """The headings of a sheet. `names` are what people call each input; `known` says what folded headings meant the time
    before ("" for one that is left out) and goes before them; `at` is the row that a person pointed at.
    """
    vocabulary = {key: {_whole(name) for name in all_names} for key, all_names in names.items()}
    candidates = [_headings(grid, vocabulary, known or {}, span) for span in _spans(grid, at)]
    if not candidates:
        return Headings(1, 1, (), {}, frozenset(), unnamed=True)
    best = max(candidates, key=_worth)
    if best.matched or at is not None:
        return best
    shaped = _by_shape(grid)
    return next(
        Headings(found.first, found.last, found.columns, {}, found.doubtful, unnamed=True)
        for found in candidates
        if (found.first, found.last) == (shaped, shaped)
    )


def body(grid: Grid, headings: Headings, used: Collection[int]) -> Iterator[tuple[int, list[Value]]]:
    """The lines below the headings with something in a used column, by their numbers. Neither the row that numbers the
    columns nor headings that are printed again on each page are lines."""
    titles = {column.index: column.names for column in headings.columns}
    for number, values in grid.rows.items():
        filled = {i: str(values[i]) for i in used if i < len(values) and not _empty(values[i])}
        if number <= headings.last or not filled:
            continue
        if number == headings.last + 1 and _numbers_columns(values):
            continue
        if len(filled) > 1 and all(folded(value) in titles.get(i, ()) for i, value in filled.items()):
            continue
        yield number, values


def _whole(name: str) -> str:
    return folded(name) or text.fold(name)


def _spans(grid: Grid, at: int | None) -> list[tuple[int, int]]:
    """The rows that may be headings: each alone, and with the one below it."""
    rows = [at] if at is not None else sorted(grid.rows)[:LOOKED_AT]
    return [span for row in rows if row in grid.rows for span in ((row, row), (row, row + 1))]


def _worth(found: Headings) -> tuple[int, int, int, int]:
    """What speaks for these rows: inputs that are known, columns that have a heading, few rows, high up."""
    return (
        len(found.matched) + len(found.doubtful),
        len({column.heading for column in found.columns}),
        found.first - found.last,
        -found.first,
    )


def _headings(
    grid: Grid, vocabulary: Mapping[str, set[str]], known: Mapping[str, str], span: tuple[int, int]
) -> Headings:
    columns = tuple(_columns(grid, *span))
    matched, doubtful = _match(columns, vocabulary, known)
    return Headings(*span, columns, matched, doubtful)


def _columns(grid: Grid, first: int, last: int) -> Iterator[Column]:
    width = max((len(grid.rows.get(row, ())) for row in range(first, last + 1)), default=0)
    for index in range(width):
        parts: list[str] = []
        for row in range(first, last + 1):
            given = text.line(str(_spread(grid, index, row) or ""))
            if given and given not in parts:
                parts.append(given)
        if parts:
            yield Column(index, " – ".join(parts), tuple(_names(parts)))


def _names(parts: Sequence[str]) -> Iterator[str]:
    """What a heading may mean, the surest first: all of it, without remarks, the lowest part alone."""
    bare = [part for part in map(folded, parts) if part]
    every = [text.fold(" ".join(parts)), " ".join(bare), bare[-1] if bare else ""]
    yield from dict.fromkeys(name for name in every if name)


def _spread(grid: Grid, index: int, row: int) -> Value:
    """What is read in a cell of the headings: that of the merged cells to which it belongs."""
    for merged in grid.merged:
        if merged.left <= index <= merged.right and merged.top <= row <= merged.bottom:
            index, row = merged.left, merged.top
            break
    values = grid.rows.get(row, [])
    return values[index] if index < len(values) else None


def _match(
    columns: Sequence[Column], vocabulary: Mapping[str, set[str]], known: Mapping[str, str]
) -> tuple[dict[int, str], frozenset[int]]:
    """Which column holds which input, and the columns of which that cannot be said."""
    meant: dict[str, list[tuple[int, int]]] = {}
    doubtful = set()
    for column in columns:
        if column.names and column.names[0] in known:
            if known[column.names[0]] in vocabulary:
                meant.setdefault(known[column.names[0]], []).append((-1, column.index))
            continue
        for sureness, name in enumerate(column.names):
            hits = [key for key, names in vocabulary.items() if name in names]
            if len(hits) > 1:
                doubtful.add(column.index)
            elif hits:
                meant.setdefault(hits[0], []).append((sureness, column.index))
            if hits:
                break
    matched = {}
    for key, places in meant.items():
        surest = [index for sureness, index in places if sureness == min(places)[0]]
        if len(surest) == 1:
            matched[surest[0]] = key
        else:
            doubtful |= set(surest)
    return matched, frozenset(doubtful)


def _by_shape(grid: Grid) -> int:
    """The first row that is filled like a table's and says nothing but words."""
    rows = sorted(grid.rows)[:LOOKED_AT]
    texts = {row: [value for value in grid.rows[row] if not _empty(value)] for row in rows}
    widest = max(len(values) for values in texts.values())
    for row, values in texts.items():
        if len(values) >= max(2, widest * 0.6) and all(isinstance(value, str) for value in values):
            return row
    return rows[0]


def _numbers_columns(values: Sequence[Value]) -> bool:
    """Whether a row numbers the columns: «1 2 3», «(1) (2) (3)», «A B 1 2»."""
    given = [text.fold(str(value)) for value in values if not _empty(value)]
    numbers = [int(one) for one in given if one.isdigit()]
    letters = [one for one in given if len(one) == 1 and one.isalpha()]
    in_order = numbers == list(range(1, len(numbers) + 1)) and letters == sorted(set(letters))
    return len(given) > 1 and len(numbers) + len(letters) == len(given) and in_order


def _empty(value: Value) -> bool:
    return value is None or not str(value).strip()
