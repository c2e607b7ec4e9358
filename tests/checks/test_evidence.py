"""design.md §4: one file of Drive under another link, one document number in another spelling."""

from __future__ import annotations

import pytest

from kpis.checks.evidence import (
    are_different_evidence,
    build_evidence_key,
    find_drive_file,
    list_document_numbers,
    normalize_link,
)
from kpis.checks.likeness import list_strong_evidence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://drive.google.com/file/d/1Ab-c/view?usp=sharing", "https://drive.google.com/open?id=1Ab-c"),
        ("Ảnh https://docs.google.com/document/d/1Ab/edit", "Ảnh https://docs.google.com/document/u/0/d/1Ab/view#a"),
        ("15/KH-UBND", "Số 15/KH-UBND"),
        ("15/KH-UBND", "15 / KH - UBND."),
        ("15/KH-UBND", "số: 015/kh-ubnd"),
        ("15/2026/NĐ-CP", "15/2026 / NĐ-CP"),
        ("Kế hoạch số 15/KH-UBND, 14/03/2026", "Kế hoạch 15/KH-UBND, 14/03/2026"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_evidence_have_one_key(first: str, second: str) -> None:
    assert build_evidence_key(first) == build_evidence_key(second)
    assert not are_different_evidence(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("15/KH-UBND", "16/KH-UBND"),
        ("15/KH-UBND", "15/BC-UBND"),
        ("15/2025/KH-UBND", "15/2026/KH-UBND"),
        ("https://drive.google.com/open?id=1Ab", "https://drive.google.com/open?id=1Ac"),
        ("https://a.vn/tin/1", "https://a.vn/tin/2"),
        ("ảnh 1", "ảnh 2"),
    ],
)
def test_two_evidences_have_two_keys(first: str, second: str) -> None:
    assert build_evidence_key(first) != build_evidence_key(second)
    assert are_different_evidence(first, second)


@pytest.mark.parametrize("text", ["125/BC-UBND, 20/10/2026", "https://a.vn/Tin/05/abc", "Ảnh chụp", "12/BC"])
def test_evidence_without_another_spelling_stays_as_it_was(text: str) -> None:
    assert build_evidence_key(text) == text.casefold()


def test_evidence_differs_only_if_nothing_of_it_is_the_same() -> None:
    assert not are_different_evidence("15/KH-UBND ngày 14/3/2026", "15/KH-UBND")
    assert not are_different_evidence("https://a.vn/1", "http://www.a.vn/1/ và https://a.vn/2")
    assert not are_different_evidence(None, "15/KH-UBND")
    assert not are_different_evidence("", None)


def test_document_numbers_are_found_among_other_words() -> None:
    text = "QĐ số 07/QĐ-UBND và BC 12/BC-SCT ngày 14/3/2026, https://a.vn/15/kh"
    assert list_document_numbers(text) == ["7/qđ-ubnd", "12/bc-sct"]


def test_links_are_compared_without_what_does_not_name_the_page() -> None:
    assert normalize_link("https://A.vn/Tin%20mới/?b=2&utm_source=x&a=1#y") == normalize_link(
        "http://www.a.vn/Tin mới?a=1&b=2"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.vn/su-kien-1", "https://www.a.vn/su-kien-1/"),
        ("https://a.vn:443/su-kien-1", "http://m.a.vn/su-kien-1#top"),
        ("https://www.google.com/url?q=https://a.vn/su-kien-1&sa=D", "https://a.vn/su-kien-1"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.vn%2Fsu-kien-1&h=x", "Xem a.vn/su-kien-1."),
        ("https://lh3.googleusercontent.com/d/1abcDEF", "https://drive.google.com/open?id=1abcDEF"),
    ],
)
def test_two_links_to_one_document_are_one_evidence(first: str, second: str) -> None:
    assert list_strong_evidence(first) == list_strong_evidence(second) != ()


@pytest.mark.parametrize("text", ["Số 15.KH/UBND", "a.vn", "TB.15/2026", "an@a.vn/x", "tin.bai/so"])
def test_what_is_no_link_to_a_page_is_no_strong_evidence(text: str) -> None:
    assert list_strong_evidence(text) == ()


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("https://DRIVE.GOOGLE.COM/file/d/1Ab/view", "1Ab"),
        ("lh3.googleusercontent.com/d/1Ab", "1Ab"),
        ("https://www.google.com/url?q=https%3A%2F%2Fdrive.google.com%2Fopen%3Fid%3D1Ab", "1Ab"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fdocs%2Egoogle%2Ecom%2Fdocument%2Fd%2F1Ab%2Fedit", "1Ab"),
        ("https://drive.google.com/drive/folders/1Ab", None),
        ("https://a.vn/google/d/1Ab", None),
        ("https://a.vn/file/d/1Ab/view", None),
        ("http://[google", None),
    ],
)
def test_a_file_of_drive_is_found_behind_a_page_that_redirects(link: str, file: str | None) -> None:
    assert find_drive_file(link) == file
