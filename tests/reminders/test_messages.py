"""The texts: everything by e-mail, at most 2,000 letters for a phone with the rest counted."""

from datetime import date

import pytest

from kpis.reminders.contacts import Contact, Contacts
from kpis.reminders.messages import MAX_LETTERS, Reminder, build_reminders, format_mail, format_short, format_subject
from tests.reminders.conftest import build_duties

DAY = date(2026, 11, 23)


@pytest.mark.parametrize("things", [1, 5, 60, 500])
@pytest.mark.parametrize("agencies", [1, 3, 40])
def test_the_short_text_is_short_and_counts_what_it_leaves_out(things: int, agencies: int) -> None:
    duties = [build_duties(f"UBND xã {n}", things) for n in range(agencies)]
    text = format_short(duties, DAY, "https://kpi.x.vn", "vi")
    assert len(text) <= MAX_LETTERS
    lines = text.splitlines()
    listed = sum(line.startswith("• ") for line in lines)
    counted = [int(line.split()[1].replace(".", "")) for line in lines if line.startswith("và ")]
    assert listed + sum(counted) == things * agencies
    assert lines[-1] == "Xem đủ: https://kpi.x.vn"
    assert lines[2:4] == ["UBND xã 0 – Hà Nội", "• Quá hạn: Chỉ tiêu 0 (thiếu 0)"], "the most pressing stays"
    assert lines.count("Hạn báo cáo 15/12/2026: còn 3 tuần.") == 1
    assert sum(line.startswith("• ") for line in format_mail(duties, DAY, None, "vi").splitlines()) == things * agencies


def test_the_agencies_of_a_plan_stand_together() -> None:
    duties = [build_duties("A"), build_duties("A", plan="hue"), build_duties("B")]
    lines = format_mail(duties, DAY, None, "vi").splitlines()
    assert [line[0] for line in lines if line.endswith(" – Hà Nội")] == ["A", "B", "A"], "the other plan comes last"
    assert sum(line.startswith("Hạn báo cáo") for line in lines) == 2


def test_an_address_of_several_agencies_gets_one_message_with_a_section_each() -> None:
    contacts = Contacts((Contact(None, None, "*", ("vp@x.vn",)), Contact("ha-noi", "Sở Y tế", None, ("yte@x.vn",))))
    duties = [build_duties("Sở Y tế"), build_duties("UBND xã A"), build_duties("UBND xã B")]
    reminders, without_address = build_reminders(duties, contacts)
    assert [(item.email, len(item.duties)) for item in reminders] == [("yte@x.vn", 1), ("vp@x.vn", 2)]
    assert without_address == []
    assert format_subject(reminders[1], DAY, "vi") == "Nhắc việc: 2 cơ quan, 2 việc cần làm, 23/11/2026"


def test_an_agency_without_an_address_is_listed() -> None:
    reminders, without_address = build_reminders([build_duties()], Contacts(()))
    assert (reminders, [item.agency for item in without_address]) == ([], ["Sở Y tế"])


def test_the_order_of_things_is_no_news() -> None:
    duties = build_duties(things=3)
    turned = type(duties)(duties.plan, duties.place, duties.agency, duties.things[::-1], ())
    assert Reminder("a@x.vn", (duties,)).digest == Reminder("a@x.vn", (turned,)).digest
