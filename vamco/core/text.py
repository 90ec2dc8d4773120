"""Vietnamese text: folding for search, alphabetical order, the words of a full-text index. No Django here.

Why by hand: the embedded PostgreSQL has neither ICU collations nor `unaccent`, and a served one may lack
them. The SQL twin of `fold` is the immutable function `vamco_fold(text)` (migration `core.0001_text_fold`);
a property test holds the two together, so a change here needs a new migration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not decompose. Ð (eth) and Ɖ stand for Đ in texts converted from old fonts.
_LETTERS_FROM = "ĐđÐðƉɖØøŁłÆæŒœıßÞþ"
_LETTERS_TO = "ddddddoollaaooistt"
# Capitals outside ASCII are lowered by a table, not by the locale: PostgreSQL's "C" locale lowers ASCII only.
_CAPITALS = "".join(map(chr, [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x410, 0x430)]))
_SMALL = _CAPITALS.lower()
_TABLE = str.maketrans(_LETTERS_FROM + _CAPITALS, _LETTERS_TO + _SMALL)
# Dropped without leaving a gap: combining marks, soft hyphen, zero-width and direction characters.
_DROP = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
# Everything else that is no letter or digit parts words.
_GAP = re.compile(
    "[\u0000-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufff0-\uffff]+"
)

WORD_LENGTH = 64
"""Characters of a word that the index keeps (a lexeme may have 2,046 bytes)."""
WORDS_IN_VECTOR = 300
"""Different words of one text that the index keeps; a longer text is found by its first ones."""
WORDS_IN_QUERY = 12
"""Words of a search that are looked at."""


def fold(text: str) -> str:
    """The text in small letters without accents, words parted by single spaces: "Nguyễn  Văn Á" → "nguyen
    van a".

    Precomposed and combining forms, full-width and ordinary letters come out equal; đ becomes d.
    """
    text = _DROP.sub("", unicodedata.normalize("NFKD", text)).translate(_TABLE)
    return _GAP.sub(" ", _ascii_lower(text)).strip(" ")


def line(text: str) -> str:
    """One line as it is stored: composed letters, no control characters, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in composed if c.isprintable() or c.isspace()).split())


def lines(text: str) -> str:
    """A text of several lines as it is stored: each as `line` makes it but for its indent, none empty at either end."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = ("".join(c if c.isprintable() else " " * c.isspace() for c in one) for one in composed.split("\n"))
    return "\n".join(one.rstrip() for one in kept).strip("\n")


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word for word in fold(text).split(" ") if word]


# --- alphabetical order ------------------------------------------------------------------------------------

# ă â đ ê ô ơ ư are letters of their own, after all words that begin with their base letter: "|" and "}" sort
# after "z".
_MARKED = {
    ("a", "\u0306"): "a|",
    ("a", "\u0302"): "a}",
    ("e", "\u0302"): "e|",
    ("o", "\u0302"): "o|",
    ("o", "\u031b"): "o}",
    ("u", "\u031b"): "u|",
}
# Tones in the order of Vietnamese dictionaries: level, huyền, hỏi, ngã, sắc, nặng. All sort below digits and
# letters, above the space: "ba" < "bà" < "bả" < "bã" < "bá" < "bạ" < "bác".
_TONES = {"\u0300": "#", "\u0309": "$", "\u0303": "%", "\u0301": "&", "\u0323": "("}
_D_STROKE = re.compile("[đĐÐðƉɖ]")


def sort_key(name: str, person: bool = True) -> str:
    """A text whose plain byte order (collation "C") is the Vietnamese alphabetical order of `name`.

    People (`person=True`) are ordered as on every Vietnamese list: by given name (the last word), then
    family name (the first), then what stands between. Everything else in the order of its words.
    """
    keys = [_word_key(word) for word in _sortable_words(name)]
    if person and len(keys) > 1:
        keys = [keys[-1], keys[0], *keys[1:-1]]
    return " ".join(keys)


def _sortable_words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if "\u0300" <= c <= "\u036f" or not _DROP.match(c))
    return _GAP.sub(" ", _ascii_lower(_D_STROKE.sub("d\ue000", text))).split()


def _word_key(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for char in word:
        if char == "\ue000":
            letters.append("|")
        elif char in _TONES:
            tone = _TONES[char]
        elif "\u0300" <= char <= "\u036f":
            if letters:
                letters[-1] = _MARKED.get((letters[-1], char), letters[-1])
        else:
            letters.append(char.translate(_TABLE))
    return "".join(letters) + tone


def _ascii_lower(text: str) -> str:
    return text.translate(_ASCII_LOWER)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


# --- full-text search --------------------------------------------------------------------------------------


def vector(text: str, scopes: Iterable[str] = ("",)) -> str:
    """The value of a `core.fields.WordsField`: a tsvector literal with each word of `text` once per scope.

    A scope is a short key such as "u12" (the dossiers of unit 12) and is written into the lexeme:
    "u12.nguyen". A search within a scope so reads the postings of that unit alone, however many dossiers the
    province has. The empty scope is for a search over everything.
    """
    unique = list(dict.fromkeys(word[:WORD_LENGTH] for word in words(text)))[:WORDS_IN_VECTOR]
    prefixes = [_prefix(scope) for scope in dict.fromkeys(scopes)]
    return " ".join(f"'{prefix}{word}'" for prefix in prefixes for word in unique)


def query(text: str, scope: str = "") -> str:
    """A tsquery that finds every row having all words of `text`, each as a whole word or as a word's
    beginning.

    Safe for any input: only letters and digits remain, quoted. "" when `text` has no letter or digit: such a
    search finds nothing (the lookup `words` sees to it).
    """
    unique = list(dict.fromkeys(word[:WORD_LENGTH] for word in words(text[:2000])))[:WORDS_IN_QUERY]
    return " & ".join(f"'{_prefix(scope)}{word}':*" for word in unique)


def any_scope_query(text: str, scopes: Iterable[str]) -> str:
    """Like `query`, over several scopes at once: a row is found when one of them holds all the words."""
    parts = [query(text, scope) for scope in dict.fromkeys(scopes)]
    return " | ".join(f"({part})" for part in parts if part)


def _prefix(scope: str) -> str:
    if scope and not re.fullmatch("[a-z][a-z0-9]{0,30}", scope):
        raise ValueError(f"a scope is a small letter and then small letters and digits, not {scope!r}")
    # Also without a scope: the beginning "u1" of a bare word must not meet the words of unit 1.
    return f"{scope}."
