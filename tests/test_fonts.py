"""The fonts that set-up builds."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from deploy import fonts


@pytest.fixture(scope="module")
def regular(tmp_path_factory: pytest.TempPathFactory) -> TTFont:
    target: Path = tmp_path_factory.mktemp("fonts") / "regular.woff2"
    fonts.write_subset(400, target)
    return TTFont(target)


def test_every_vietnamese_letter_can_be_drawn(regular: TTFont) -> None:
    assert set(map(ord, fonts.CHARACTERS)) <= set(regular.getBestCmap())


def replaced_by(font: TTFont, tag: str) -> dict[str, str]:
    table = font["GSUB"].table
    [feature] = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == tag]
    return table.LookupList.Lookup[feature.LookupListIndex[0]].SubTable[0].mapping


def test_figures_of_a_table_have_one_width(regular: TTFont) -> None:
    figures = replaced_by(regular, "tnum")
    assert set(figures) == {regular.getBestCmap()[ord(digit)] for digit in "0123456789"}
    assert {regular["hmtx"][name][0] for name in figures.values()} == {fonts.FIGURE_WIDTH}


def test_a_phone_loads_little(regular: TTFont) -> None:
    assert Path(regular.reader.file.name).stat().st_size < 12_000
