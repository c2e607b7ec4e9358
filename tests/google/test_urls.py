"""A spreadsheet's id is found in whatever people paste, and in nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.errors import UsageError
from kpis.sheets.google.urls import spreadsheet_id

ID = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
FORMS = [
    ID,
    f" {ID}\n",
    f"https://docs.google.com/spreadsheets/d/{ID}",
    f"https://docs.google.com/spreadsheets/d/{ID}/",
    f"https://docs.google.com/spreadsheets/d/{ID}/edit",
    f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
    f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing",
    f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=12#gid=12&range=A1:B2",
    f"https://docs.google.com/spreadsheets/d/{ID}/htmlview",
    f"https://docs.google.com/spreadsheets/d/{ID}/export?format=xlsx",
    f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit#gid=7",
    f"https://docs.google.com/a/hanoi.gov.vn/spreadsheets/d/{ID}/edit",
    f"https://docs.google.com/spreadsheets/ccc?key={ID}#gid=0",
    f"https://spreadsheets.google.com/ccc?key={ID}&hl=vi",
    f"https://drive.google.com/file/d/{ID}/view?usp=drive_link",
    f"https://drive.google.com/file/u/0/d/{ID}/view",
    f"https://drive.google.com/open?id={ID}&usp=drive_copy",
    f"https://drive.google.com/uc?export=download&id={ID}",
    f"http://docs.google.com/spreadsheets/d/{ID}/edit",
    f"HTTPS://DOCS.GOOGLE.COM/spreadsheets/d/{ID}/edit",
    f"docs.google.com/spreadsheets/d/{ID}/edit",
    f"//docs.google.com/spreadsheets/d/{ID}/edit",
    f"<https://docs.google.com/spreadsheets/d/{ID}/edit>",
    f"“https://docs.google.com/spreadsheets/d/{ID}/edit”",
    f"https://www.google.com/url?q=https://docs.google.com/spreadsheets/d/{ID}/edit&sa=D&source=editors",
    f"https://docs.google.com/spreadsheets/d/{ID}/edit\u200b",
    f"Bảng của Hà Nội: https://docs.google.com/spreadsheets/d/{ID}/edit (xem)",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_that_people_paste_gives_the_id(text: str) -> None:
    assert spreadsheet_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tiến độ 2026",
        "1Bxi",
        "https://docs.google.com/spreadsheets/u/0/",
        f"https://docs.google.com/document/d/{ID}/edit",
        f"https://evil.example/spreadsheets/d/{ID}/edit",
        f"https://docs.google.com.evil.example/spreadsheets/d/{ID}/edit",
        f"https://drive.google.com/drive/folders/{ID}",
        f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml",
        f"https://1drv.ms/x/s!{ID}",
        "http://[::1",
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(UsageError, match="address of that page"):
        spreadsheet_id(text)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = spreadsheet_id(text)
    except UsageError as error:
        assert len(str(error)) < 500
    else:
        assert found in text
