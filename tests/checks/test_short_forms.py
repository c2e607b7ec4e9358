"""A short form suggests an agency or code only if it means exactly one of the plan's own."""

from __future__ import annotations

import pytest

from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.checks.short_forms import CodeSuggester, ShortForms
from kpis.language.clock import to_local_day
from kpis.register.load import load_register
from kpis.sheet.cells import make_text_cell
from tests.sheet.small_plan import READ_AT

NAMES = [
    (name, name)
    for name in (
        "Sở Công Thương", "Sở Khoa học và Công nghệ", "Sở Nông nghiệp và Môi trường", "Sở Tài chính",
        "Công an thành phố", "UBND phường Cái Khế", "UBND phường Tân An", "UBND xã Tân An",
        "Ban Quản lý các khu công nghiệp", "Ban Quản lý chợ",
    )
]  # fmt: skip
COMMUNES = [name for name, _ in NAMES if name.startswith("UBND")]
SHORT_FORMS = ShortForms(NAMES, ("Cần Thơ", "thành phố Cần Thơ"), COMMUNES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("UBND P. Cái Khế", "UBND phường Cái Khế"),
        ("UBND P.Cái Khế, TP Cần Thơ", "UBND phường Cái Khế"),
        ("UBND X. Tân An", "UBND xã Tân An"),
        ("Sở CT TP Cần Thơ", "Sở Công Thương"),
        ("Sở CT", "Sở Công Thương"),
        ("sở kh&cn", "Sở Khoa học và Công nghệ"),
        ("Sở KHCN Cần Thơ", "Sở Khoa học và Công nghệ"),
        ("Sở NN & MT", "Sở Nông nghiệp và Môi trường"),
        ("CA TP Cần Thơ", "Công an thành phố"),
        ("Công an TP Cần Thơ", "Công an thành phố"),
        ("Sở CT TP Hà Nội", None),
        ("UBND P. Ba Đình", None),
        ("UBND CK", None),
        ("UBND P. CK", None),
        ("UBND xã TA", None),
        ("Sở VHTT", None),
        ("Sở", None),
        ("BQL", None),
    ],
)
def test_a_short_form_means_an_agency_only_by_its_whole_name(typed: str, meant: str | None) -> None:
    assert SHORT_FORMS.suggest(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can-tho.2", "can-tho.02"), ("Can Tho 02", "can-tho.02"), ("can_tho.002", "can-tho.02"),
        ("can-tho.iii.05", "can-tho.III.5"), ("2", None), ("ha-noi.2", None), ("can-tho.", None),
    ],
)  # fmt: skip
def test_a_code_is_suggested_however_its_zeros_are_typed(typed: str, meant: str | None) -> None:
    assert CodeSuggester("can-tho", ["can-tho.02", "can-tho.12", "can-tho.III.5"]).suggest(typed) == meant


@pytest.mark.parametrize("plan", ["ha-noi", "dong-thap", "tuyen-quang", "thai-nguyen"])
def test_every_code_of_a_plan_is_suggested_for_itself_without_zeros_and_never_for_another(plan: str) -> None:
    register = load_register()
    vocabulary = PlanVocabulary(register, plan, to_local_day(READ_AT))
    for target in register.targets.values():
        typed = target.id.replace(".0", ".")
        detail = vocabulary.read_target(make_text_cell(typed), None).detail
        if typed != target.id:
            assert detail == ({"nearest": target.id} if target.plan == plan else {})
