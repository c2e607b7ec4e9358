"""Workbooks of random cells in every form that the format allows: some no program would write so."""

from __future__ import annotations

import random
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
FORMATS = (
    "General", "0%", "0.00%", "dd/mm/yyyy", "mm/yyyy", "hh:mm", "#,##0", "0&quot; nghìn&quot;", "[h]:mm", "0.00E+00",
    "@", "&quot;x&quot;",
)  # fmt: skip
TEXTS = (
    "Tin bài", "  hai  khoảng ", "Tie\u0302\u0301n đo\u0323\u0302", "#REF!", "Đang tải…", "a_x000a_b", "&amp;&lt;", "",
    "05/03/2026", "1.234,5", "_x005f_x0041_", "\u200bẩn", "Err:502",
)  # fmt: skip
NUMBERS = (
    "0", "1", "59", "60", "46086", "46086.75", "1.5", "-3", "1E5", "1e400", "123456789012345678", "0.125",
    "7.000000000000001", "2958465", "2958466", "-1", "1e-7", " 12 ",
)  # fmt: skip
LOOKS = ("", "<rPr><strike/></rPr>", "<rPr><vertAlign val='superscript'/></rPr>", "<rPr><b/><strike val='0'/></rPr>")


def write_odd_workbook(path: Path, rng: random.Random) -> Path:
    """Write a workbook with one tab of up to thirty rows."""
    texts = [_make_text("si", rng) for _ in range(rng.randint(1, 40))]
    rows = "".join(_make_row(number, len(texts), rng) for number in range(1, rng.randint(2, 30)))
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{NAMESPACE}"><dimension ref="A1:B2"/><sheetData>{rows}'
        '</sheetData><mergeCells><mergeCell ref="C3:D8"/></mergeCells></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}">{"".join(texts)}</sst>',
        "xl/styles.xml": _make_styles(),
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><workbookPr date1904='
        f'"{rng.choice("01")}"/><sheets><sheet name="Tiến độ" sheetId="1" r:id="rId0"/></sheets></workbook>',
    }
    if rng.random() < 0.2:
        parts = {name: text.replace(NAMESPACE, STRICT_NAMESPACE) for name, text in parts.items()}
    kinds = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    parts |= {"_rels/.rels": _make_relations({"officeDocument": "xl/workbook.xml"})}
    parts |= {"xl/_rels/workbook.xml.rels": _make_relations(kinds)}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _make_relations(targets: dict[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{relations}</Relationships>'


def _make_styles() -> str:
    """Return styles of every format, first in a plain font, then in one that strikes through."""
    formats = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{code}"/>' for i, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{200 + i}" fontId="{font}"/>' for font in (0, 1) for i in range(len(FORMATS)))
    fonts = "<fonts><font/><font><strike/></font></fonts>"
    return (
        f'<styleSheet xmlns="{NAMESPACE}"><numFmts>{formats}</numFmts>{fonts}<cellXfs>{styles}</cellXfs></styleSheet>'
    )


def _make_text(tag: str, rng: random.Random) -> str:
    """Return a shared or an inline text: plain, with runs, or odd."""
    plain = f"<t>{rng.choice(TEXTS)}</t>"
    runs = "".join(f"<r>{rng.choice(LOOKS)}<t>{rng.choice(TEXTS)}</t></r>" for _ in range(rng.randint(1, 3)))
    odd = ("", "<t/>", "<t>x<!-- c -->y</t>", "<t><![CDATA[a<b]]></t>", runs + "<rPh sb='0' eb='1'><t>x</t></rPh>")
    return f"<{tag}>{rng.choice([plain, plain, plain, runs, rng.choice(odd)])}</{tag}>"


def _make_row(number: int, texts: int, rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice([f'<row r="{number}"/>', "<!-- <row r='9'></row> -->", "<row/>", "<row ht='3'></row>"])
    place = number if rng.random() < 0.95 else rng.randint(1, 40)  # out of order, or twice
    reference = f' r="{place}"' if rng.random() < 0.95 else ""
    cells = [_make_cell(f"{column}{place}", texts, rng) for column in "ABCDEFGHIJ" if rng.random() < 0.7]
    if rng.random() < 0.1:
        rng.shuffle(cells)
    return f"<row{reference}>{rng.choice(['', ' '])}{''.join(cells)}</row>"


def _make_cell(name: str, texts: int, rng: random.Random) -> str:
    reference = f' r="{name}"' if rng.random() < 0.95 else ""
    style = f' s="{rng.randrange(2 * len(FORMATS))}"' if rng.random() < 0.7 else ""
    kind, content = rng.choice(_list_contents(name[0], texts, rng))
    return f"<c{reference}{style}{kind}>{content}</c>" if content else f"<c{reference}{style}{kind}/>"


def _list_contents(column: str, texts: int, rng: random.Random) -> list[tuple[str, str]]:
    """Return one choice of each kind of content: the attributes of its cell, and what stands in it."""
    shared = '<f t="shared" si="0"/>', f'<f t="shared" si="0" ref="A1:A9">SUM({column}1)</f>'
    formulas = f"<f>SUM({column}2:{column}9)</f>", "<f>1+1</f>", "<f>_xlfn.IMAGE(1)</f>", "<f>A1</f>", *shared
    formula = rng.choice(formulas) if rng.random() < 0.3 else ""
    error = rng.choice(["#REF!", "#N/A"])
    return [
        ("", ""),
        ("", f"{formula}<v>{rng.choice(NUMBERS)}</v>"),
        (' t="n"', f"{formula}<v>{rng.choice(NUMBERS)}</v>"),
        (' t="s"', f"{formula}<v>{rng.randrange(texts)}</v>"),
        (' t="inlineStr"', _make_text("is", rng)),
        (' t="str"', f"{formula}<v>{rng.choice(TEXTS)}</v>"),
        (' t="b"', f"{formula}<v>{rng.randint(0, 1)}</v>"),
        (' t="e"' + rng.choice(["", " vm='1'"]), f"{formula}<v>{error}</v>"),
        (' t="d"', f"<v>{rng.choice(['2026-03-05', '2026-03-05T10:00:00', '10:00:00'])}</v>"),
        ("", rng.choice(["<v/>", formula, "<v>1<!-- b -->2</v>", "<v>4</v><extLst/>"])),
        (' t="s"', rng.choice(["<f>A1</f>", "<v/>"])),
        (" t='e' vm='1'", ""),
    ]
