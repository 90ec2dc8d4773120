"""Translations without GNU gettext: the interface is written in Vietnamese, English is its translation.

    python tools/messages.py            collect the strings, update the English catalogue, compile both
    python tools/messages.py --check    list what is missing, fuzzy, stale or not compiled; exit 1 if any

`locale/en` translates our own strings, which are Vietnamese in the source. `locale/vi` is kept by hand: it
has Vietnamese for those strings of Django and allauth that their own catalogues lack and a user may see.
The compiled files are committed, so that an installed wheel needs neither Babel nor gettext.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "vamco"
LOCALE = SOURCE / "locale"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: vamco\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
PLURAL = {"en": "nplurals=2; plural=(n != 1);", "vi": "nplurals=1; plural=0;"}


def catalogue_file(language: str) -> Path:
    """The file that people edit."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def strings() -> Iterator[tuple[str, object, list[str], str | None]]:
    """Every translatable string of the package: file, msgid (a pair for plurals), comments, context."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py":
            code = path.read_text(encoding="utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # It is read as Python, in which the indentation of a template would be a fault.
            code = re.sub(r"^[ \t]+", "", code, flags=re.MULTILINE)
        else:
            continue
        found = extract(
            "python", io.BytesIO(code.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        )
        for _line, text, comments, context in found:
            yield path.relative_to(ROOT).as_posix(), text, comments, context


def collected() -> Catalog:
    """The strings of the source as an empty catalogue."""
    catalogue = Catalog()
    for path, text, comments, context in strings():
        catalogue.add(text, locations=[(path, 0)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """A catalogue as it stands; empty where there is none yet."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    """The catalogue with a header of ours: no dates, so that an unchanged catalogue is an unchanged file."""
    body = io.BytesIO()
    style = {"sort_by_file": True, "ignore_obsolete": True, "include_lineno": False, "width": 110}
    write_po(body, catalogue, omit_header=True, **style)
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.format(language=language, plural=PLURAL[language]) + body.getvalue().decode())


def compiled(language: str) -> bytes:
    """The catalogue as the running program reads it; the same input gives the same bytes."""
    catalogue = read(language)
    catalogue.creation_date = catalogue.revision_date = EPOCH
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def key(message: Message) -> tuple[str, str | None]:
    """What tells a message from the others."""
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def full(message: Message) -> bool:
    """Whether every form of the message is translated."""
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(texts) and all(texts)


PLACE = re.compile(r"%(?:\(\w+\))?[sdrf]|\{\w*\}")


def same_places(message: Message) -> bool:
    """Whether every form of the translation has the placeholders of the original, each as often."""
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = sorted(PLACE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
    return all(sorted(PLACE.findall(text)) == wanted for text in texts)


def named(message: Message) -> str:
    """The message as one line of a report."""
    where = message.locations[0][0] if message.locations else ""
    return f"{key(message)[0]!r} {where}".rstrip()


def foreign() -> set[tuple[str, str | None]]:
    """The strings that Django and allauth may show."""
    found: set[tuple[str, str | None]] = set()
    for package in ("django", "allauth"):
        spec = find_spec(package)
        if not spec or not spec.origin:
            continue
        for path in Path(spec.origin).parent.rglob("locale/en/LC_MESSAGES/django.po"):
            with path.open("rb") as file:
                found |= {key(message) for message in read_po(file) if message.id}
    return found


def problems() -> Iterator[str]:
    """What keeps the interface from being complete in both languages."""
    wanted = {key(message): message for message in collected() if message.id}
    english = {key(message): message for message in read("en") if message.id}
    for name, message in wanted.items():
        if name not in english or not full(english[name]):
            yield f"missing English: {named(message)}"
    for name, message in english.items():
        if name not in wanted:
            yield f"stale, no longer in the source: {named(message)}"
    known = foreign()
    for language in ("en", "vi"):
        for message in read(language):
            if not message.id:
                continue
            if message.fuzzy:
                yield f"fuzzy ({language}): {named(message)}"
            if full(message) and not same_places(message):
                yield f"placeholders ({language}): {named(message)}"
            if language == "vi" and not full(message):
                yield f"missing Vietnamese: {named(message)}"
            if language == "vi" and key(message) not in known:
                yield f"stale, neither Django nor allauth has it: {named(message)}"
        target = catalogue_file(language).with_suffix(".mo")
        if not target.exists() or target.read_bytes() != compiled(language):
            yield f"not compiled: {target.relative_to(ROOT)}"


def update() -> int:
    """Bring the catalogues up to date and compile them; how many English translations are still missing."""
    english = read("en")
    english.update(collected(), no_fuzzy_matching=True)
    write("en", english)
    write("vi", read("vi"))
    for language in ("en", "vi"):
        catalogue_file(language).with_suffix(".mo").write_bytes(compiled(language))
    return sum(1 for message in english if message.id and not full(message))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when something is missing"
    )
    if parser.parse_args().check:
        found = list(problems())
        print(*found, sep="\n")
        return 1 if found else 0
    print(f"{update()} strings still without English: {catalogue_file('en').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
