"""A spreadsheet's id is found in all that people paste, and in nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.errors import UsageError
from kpis.language.normalization import clean
from kpis.sources.google.urls import parse_spreadsheet_id

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
    f"Bảng của Hà Nội: docs.google.com/spreadsheets/d/{ID}/edit",
    f"(docs.google.com/spreadsheets/d/{ID})",
    f"[Bảng](https://docs.google.com/spreadsheets/d/{ID}/edit)",
    f"{ID}/edit#gid=0",
    f"{ID}?gid=0",
    f"d/{ID}/edit",
    f"/spreadsheets/d/{ID}/edit?usp=sharing",
    f"‘{ID}’",
    f"\ufeff{ID}",
    f"https://docs.google.com/spreadsheets/d/\u200b{ID}/edit",
    f"https://docs.google.com/spreadsheets/d/{ID[:9]}\u200b{ID[9:]}\u00a0",
    f"https://docs.google.com/spreadsheets/d/{ID}.",
    f"https://docs.google.com/spreadsheets/d/{ID},",
    f"https://docs.google.com/spreadsheets/d/{ID}, gửi anh.",
    f"https://drive.google.com/open?id={ID}.",
    f"https://www.docs.google.com/spreadsheets/d/{ID}/edit",
    f"www.docs.google.com/spreadsheets/d/{ID}/edit",
    f"https://docs.google.com:443/spreadsheets/d/{ID}/edit",
    f"https://docs.google.com//spreadsheets//d/{ID}/edit",
    f"https://docs.google.com/spreadsheets/a/moit.gov.vn/d/{ID}/edit",
    f"https://docs.google.com/a/moit.gov.vn/spreadsheets/u/1/d/{ID}/edit",
    f"https://drive.google.com/drive/u/0/file/d/{ID}",
    f"https://accounts.google.com/ServiceLogin?continue=https://docs.google.com/spreadsheets/d/{ID}/edit",
    "https://accounts.google.com/v3/signin/identifier?dsh=S1&continue=https%3A%2F%2Fdocs.google.com"
    f"%2Fspreadsheets%2Fd%2F{ID}%2Fedit%3Fgid%3D0&ifkv=A",
    "https://accounts.google.com/AccountChooser?continue=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A"
    f"%252F%252Fdocs.google.com%252Fspreadsheets%252Fd%252F{ID}%252Fedit",
    f"https://www.google.com.vn/url?q=https%3A%2F%2Fdocs.google.com%2Fspreadsheets%2Fd%2F{ID}&sa=D",
    f"https://zalo.me/redirect?u=https://docs.google.com/spreadsheets/d/{ID}/edit",
    f"https://l.facebook.com/l.php?u=https%3A%2F%2Fdocs.google.com%2Fspreadsheets%2Fd%2F{ID}%2Fedit&h=AT0",
    f"https://l.facebook.com/l.php?u=https%3A%2F%2Fdrive.google.com%2Ffile%2Fd%2F{ID}%2Fview&h=AT0",
    f"https://example.org/ https://docs.google.com/spreadsheets/d/{ID}/edit",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_that_people_paste_gives_the_id(text: str) -> None:
    assert parse_spreadsheet_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tiến độ 2026",
        "1Bxi",
        "https://docs.google.com/spreadsheets/u/0/",
        f"https://docs.google.com/document/d/{ID}/edit",
        f"https://docs.google.com/forms/d/{ID}/edit",
        f"https://docs.google.com/forms/d/e/{ID}/viewform?id={ID}",
        f"https://docs.google.com/presentation/d/{ID}/edit",
        f"https://zalo.me/redirect?u=https://docs.google.com/document/d/{ID}/edit",
        f"https://zalo.me/redirect?u=https://evil.example/spreadsheets/d/{ID}/edit",
        f"https://zalo.me/redirect?u={ID}",
        f"https://docs.google.com@evil.example/spreadsheets/d/{ID}/edit",
        f"evil.example/docs.google.com/spreadsheets/d/{ID}/edit",
        f"https://evil-docs.google.com/spreadsheets/d/{ID}/edit",
        f"a@docs.google.com/spreadsheets/d/{ID}",
        f"https://docs.google.com/spreadsheets/d/{ID}{ID}{ID}/edit",
        f"bảng {ID}",
        f"https://evil.example/spreadsheets/d/{ID}/edit",
        f"https://docs.google.com.evil.example/spreadsheets/d/{ID}/edit",
        f"https://drive.google.com/drive/folders/{ID}",
        f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml",
        f"https://1drv.ms/x/s!{ID}",
        "http://[::1",
    ],
)
def test_anything_else_is_rejected_with_advice(text: str) -> None:
    with pytest.raises(UsageError, match="address of that page"):
        parse_spreadsheet_id(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"https://docs.google.com/spreadsheets/d/e/2PACX-{ID}/pubhtml", "published copy"),
        (f"Thư mục: drive.google.com/drive/u/1/folders/{ID}", "Drive folder"),
    ],
)
def test_a_published_copy_and_a_folder_are_rejected_with_their_own_sentence(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_spreadsheet_id(text)


@given(st.text(max_size=300))
def test_any_text_is_parsed_or_rejected(text: str) -> None:
    try:
        file_id = parse_spreadsheet_id(text)
    except UsageError as error:
        assert len(str(error)) < 500
    else:
        assert file_id in clean(text)
