"""Cut Be Vietnam Pro down to Vietnamese and English as WOFF2; the portal also runs without it."""

import shutil
import sys
from pathlib import Path

import fontpkg
from fontTools import subset
from fontTools.otlLib.builder import buildSingleSubstSubtable
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

FAMILY = "Be Vietnam Pro"
WEIGHTS = {400: "bvp-400.woff2", 600: "bvp-600.woff2"}
FOLDER = Path(__file__).parent.parent / "static" / "build"

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
ASCII = "".join(map(chr, range(32, 127)))
PUNCTUATION = "\u00a0«»°·×–—‘’“”•…₫−"
COMBINING_MARKS = "\u0300\u0301\u0303\u0309\u0323"
CHARACTERS = ASCII + VIETNAMESE + VIETNAMESE.upper() + PUNCTUATION + COMBINING_MARKS

FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
NAMES_KEPT = [0, 1, 2, 4, 5, 6, 13, 14]
FIGURE_WIDTH = 664
"""Advance of a tabular figure, font units; close to that of the widest digit."""


def main() -> None:
    """Write both weights and the licence; a failure is one line and no error."""
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fontpkg.path(FAMILY, weight=400).parent.parent / "LICENSE", FOLDER / "OFL.txt")
        for weight, name in WEIGHTS.items():
            write_subset(weight, FOLDER / name)
    except Exception as error:
        print(f"Không tạo được phông chữ, dùng phông của máy. / No fonts built: {error}", file=sys.stderr)


def write_subset(weight: int, target: Path) -> None:
    """Write one weight of the family, with tabular figures added, to *target*."""
    font = TTFont(fontpkg.path(FAMILY, weight=weight), recalcTimestamp=False)
    add_tabular_figures(font)
    options = subset.Options(hinting=False, layout_features=FEATURES, name_IDs=NAMES_KEPT)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def add_tabular_figures(font: TTFont) -> None:
    """Give *font* a `tnum` feature: figures of one width, which the family lacks."""
    narrow = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    wide = {name: f"{name}.tnum" for name in narrow}
    drawn = {name: centred(font, name) for name in narrow}
    for name, glyph in drawn.items():
        font["glyf"][wide[name]] = glyph
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][wide[name]] = (FIGURE_WIDTH, glyph.xMin)
    font.setGlyphOrder(font["glyf"].glyphOrder)
    add_substitution(font["GSUB"].table, "tnum", wide)


def centred(font: TTFont, name: str) -> object:
    """The glyph *name* drawn in the middle of a tabular figure's width."""
    shift = round((FIGURE_WIDTH - font["hmtx"][name][0]) / 2)
    pen = TTGlyphPen(None)
    font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
    return pen.glyph()


def add_substitution(table: otTables.GSUB, tag: str, mapping: dict[str, str]) -> None:
    """Append a feature *tag* that replaces glyphs by *mapping* in every script and language."""
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [append_lookup(table.LookupList, mapping)]
    record.Feature.LookupCount = 1
    features = table.FeatureList
    features.FeatureRecord.append(record)
    features.FeatureCount = len(features.FeatureRecord)
    for language in languages(table):
        language.FeatureIndex.append(features.FeatureCount - 1)
        language.FeatureCount = len(language.FeatureIndex)


def append_lookup(lookups: otTables.LookupList, mapping: dict[str, str]) -> int:
    """Append a lookup that replaces glyphs by *mapping* and return its number."""
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable, lookup.SubTableCount = [buildSingleSubstSubtable(mapping)], 1
    lookups.Lookup.append(lookup)
    lookups.LookupCount = len(lookups.Lookup)
    return lookups.LookupCount - 1


def languages(table: otTables.GSUB) -> list[otTables.LangSys]:
    """Every language system of every script in *table*."""
    scripts = [record.Script for record in table.ScriptList.ScriptRecord]
    default = [script.DefaultLangSys for script in scripts if script.DefaultLangSys]
    return default + [record.LangSys for script in scripts for record in script.LangSysRecord]


if __name__ == "__main__":
    main()
