"""contacts.toml: which entry an agency has, and every fault at once."""

from pathlib import Path

import pytest

from kpis.errors import UsageError
from kpis.language.messages import explain
from kpis.reminders.contacts import load_contacts

AGENCIES = {
    "ha-noi": frozenset({"Sở Y tế", "UBND xã An Khánh", "UBND xã Đa Tốn"}),
    "bac-kan": frozenset({"Phòng Kinh tế"}),
}


def load(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "contacts.toml"
    path.write_text(text, encoding="utf-8")
    return load_contacts(path, AGENCIES)


def test_an_own_entry_stands_before_a_pattern_and_the_first_pattern_counts(tmp_path: Path) -> None:
    contacts = load(
        tmp_path,
        """
        [[contact]]
        pattern = "UBND xã *"
        emails = ["xa@x.vn"]
        [[contact]]
        pattern = "*"
        plan = "ha-noi"
        emails = ["chung@x.vn"]
        [[contact]]
        plan = "ha-noi"
        agency = "UBND xã ĐA TỐN"
        emails = ["datton@x.vn", "vp@x.vn", "vp@x.vn"]
        """,
    )
    assert contacts.find_emails("ha-noi", "UBND xã An Khánh") == ("xa@x.vn",)
    assert contacts.find_emails("ha-noi", "UBND xã Đa Tốn") == ("datton@x.vn", "vp@x.vn")
    assert contacts.find_emails("ha-noi", "Sở Y tế") == ("chung@x.vn",)
    assert contacts.find_emails("bac-kan", "Phòng Kinh tế") == ()


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        load(
            tmp_path,
            """
            other = 1
            [[contact]]
            plan = "ha-nội"
            agency = "Sở Y tế"
            emails = ["a@x.vn"]
            [[contact]]
            plan = "ha-noi"
            agency = "Sở Y tê"
            emails = ["a@x.vn"]
            [[contact]]
            agency = "Sở Y tế"
            emails = ["a@x.vn"]
            [[contact]]
            pattern = "UBND phường *"
            emails = ["a@x.vn\\nBcc: b@x.vn", "không"]
            [[contact]]
            plan = "ha-noi"
            agency = "Sở Y tế"
            pattern = "*"
            mails = []
            """,
        )
    sentences = explain(raised.value, "vi").splitlines()[1:]
    assert len(sentences) == 10
    assert "[[contact]] 1: không có kế hoạch “ha-nội”" in sentences
    assert "[[contact]] 2: kế hoạch ha-noi không có cơ quan “Sở Y tê”" in sentences
    assert "[[contact]] 3: cơ quan phải kèm kế hoạch, ví dụ plan = “ha-noi”" in sentences
    assert "[[contact]] 4: không cơ quan nào khớp mẫu “UBND phường *”" in sentences


@pytest.mark.parametrize("text", ["", "[[contact]", "contact = 1", "contact = [1]", "\0"])
def test_a_file_that_is_no_list_of_entries_is_refused_or_empty(tmp_path: Path, text: str) -> None:
    if text == "":
        assert load(tmp_path, text).entries == ()
    else:
        with pytest.raises(UsageError):
            load(tmp_path, text)


def test_a_missing_file_says_what_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="which addresses"):
        load_contacts(tmp_path / "contacts.toml", AGENCIES)


def test_two_entries_for_one_agency_are_a_fault(tmp_path: Path) -> None:
    entry = '[[contact]]\nplan = "ha-noi"\nagency = "Sở Y tế"\nemails = ["a@x.vn"]\n'
    with pytest.raises(UsageError) as raised:
        load(tmp_path, entry + entry)
    assert "đã có một mục rồi" in explain(raised.value, "vi")
