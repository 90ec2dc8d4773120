"""Make the font files for printed papers from their sources (run by hand, once; needs fonttools and brotli).

    python vamco/core/fonts/make.py SOURCES

SOURCES holds the static files of Be Vietnam Pro and Tinos (npm: @expo-google-fonts/be-vietnam-pro and
@expo-google-fonts/tinos) and the woff2 files of Vam Co Figures (digits of one width, made from
Be Vietnam Pro for the pages). Be Vietnam Pro is copied as it is; Tinos loses the scripts that no name on
a Vietnamese paper is written in; Vam Co Figures is unpacked. All are under the SIL Open Font License.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
#: Latin, combining accents, Greek, Cyrillic, Vietnamese, punctuation, currency, arrows, mathematics, shapes
TINOS_RANGES = [
    range(0x20, 0x0250), range(0x02B0, 0x0370), range(0x0370, 0x0530), range(0x1E00, 0x1F00),
    range(0x2000, 0x2070), range(0x20A0, 0x20D0), range(0x2100, 0x2200), range(0x2200, 0x2270),
    range(0x25A0, 0x2600),
]  # fmt: skip


def find(folder: Path, name: str) -> Path:
    return next(iter(sorted(folder.rglob(name))))


def main(sources: Path) -> None:
    for weight in ("400Regular", "600SemiBold"):
        shutil.copyfile(
            find(sources, f"BeVietnamPro_{weight}.ttf"), HERE / f"be-vietnam-pro-{weight[:3]}.ttf"
        )
    for weight in ("400", "600"):
        font = TTFont(find(sources, f"vam-co-figures-{weight}.woff2"))
        font.flavor = None
        font.save(HERE / f"vam-co-figures-{weight}.ttf")
    for source, target in (
        ("Regular", "400"), ("Bold", "700"), ("Regular_Italic", "400-italic"), ("Bold_Italic", "700-italic"),
    ):  # fmt: skip
        name = f"Tinos_{'700' if source.startswith('Bold') else '400'}{source}.ttf"
        font = TTFont(find(sources, name))
        options = subset.Options(hinting=False, layout_features=["ccmp", "mark", "mkmk", "kern", "locl"])
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for codes in TINOS_RANGES for code in codes])
        cutter.subset(font)
        font.save(HERE / f"tinos-{target}.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
