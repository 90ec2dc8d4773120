"""Make "Vam Co Figures": the ten digits of Be Vietnam Pro, each as wide as the next.

Be Vietnam Pro has no `tnum` feature ('1' is 385 units wide, '4' is 710), so
`font-variant-numeric: tabular-nums` does nothing. These files (2 kB each, digits only,
`unicode-range: U+30-39`) stand in front of it in the font stack of every table and code.
Renamed, as a changed font should be; same licence (OFL.txt).

    pip install fonttools brotli && python make_figures.py
"""

from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent.parent / "vamco/web/static/vamco/fonts"
WIDTH = {400: 640, 500: 650, 600: 662}

for weight, width in WIDTH.items():
    font = TTFont(HERE / f"be-vietnam-pro-latin-{weight}-normal.woff2")
    keep = subset.Subsetter(subset.Options(layout_features=[], hinting=False))
    keep.populate(unicodes=range(0x30, 0x3A))
    keep.subset(font)
    glyphs, table = font.getGlyphSet(), font["glyf"]
    for name in (font.getBestCmap()[code] for code in range(0x30, 0x3A)):
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        left, _, right, _ = bounds.bounds
        shift = (width - (right - left)) / 2 - left
        pen = TTGlyphPen(None)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        table[name] = pen.glyph()
        font["hmtx"][name] = (width, round(left + shift))
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = "VamCoFigures" if record.nameID == 6 else "Vam Co Figures"
    font.flavor = "woff2"
    font.save(HERE / f"vam-co-figures-{weight}.woff2")
