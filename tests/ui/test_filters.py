"""The shared filters are stored in the URL: a copied link opens the same view, an invalid one says so."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.ui.shared.filters import FilterOptions, Filters, parse_filters, sort_plan_choices
from tests.ui.handmade_rows import BAC_KAN, DONG_THAP, HA_NOI, TODAY

OPTIONS = FilterOptions(TODAY, (DONG_THAP, HA_NOI, BAC_KAN), ("Sở Công Thương", "Sở Y tế"))


def test_without_a_query_all_filters_have_their_defaults() -> None:
    assert parse_filters({}, OPTIONS) == Filters(TODAY, 2026, None, None, "vi")
    assert parse_filters({}, OPTIONS).build_url("overview", TODAY) == "/"
    assert parse_filters({}, OPTIONS).build_url("province", TODAY) == "/province"


def test_every_filter_of_a_query_is_read() -> None:
    query = {"as_of": "2027-03-01", "plan": "ha-noi", "agency": "Sở Y tế", "lang": "en"}
    assert parse_filters(query, OPTIONS) == Filters(date(2027, 3, 1), 2027, "ha-noi", "Sở Y tế", "en")


def test_the_default_year_is_that_of_the_day() -> None:
    assert parse_filters({"as_of": "2028-02-29"}, OPTIONS).year == 2028
    assert parse_filters({"as_of": "2028-02-29", "year": "2027"}, OPTIONS).year == 2027


def test_the_only_plan_stands_for_one_that_there_is_not() -> None:
    selected = parse_filters({"plan": "sai-gon"}, replace(OPTIONS, plans=OPTIONS.plans[:1]))
    name = OPTIONS.plans[0].name
    assert selected.plan == OPTIONS.plans[0].plan
    assert [str(notice) for notice in selected.notices] == [f"Không có kế hoạch “sai-gon”; đang xem {name}."]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"as_of": "hôm qua"}, "“hôm qua” không phải là ngày; số liệu tính đến 21/11/2026."),
        ({"as_of": "2026-02-31"}, "“2026-02-31” không phải là ngày; số liệu tính đến 21/11/2026."),
        ({"as_of": "2019-01-01"}, "Không kế hoạch nào có ngày 01/01/2019; số liệu tính đến 21/11/2026."),
        ({"year": "1999"}, "Không kế hoạch nào có năm “1999”; đang xem năm 2026."),
        ({"year": "²026"}, "Không kế hoạch nào có năm “²026”; đang xem năm 2026."),
        ({"plan": "sai-gon"}, "Không có kế hoạch “sai-gon”; đang xem tất cả kế hoạch."),
        ({"agency": "Sở Y tế 2", "plan": "ha-noi"}, "Kế hoạch không có cơ quan “Sở Y tế 2”."),
        ({"agency": "Sở Y tế"}, "Kế hoạch không có cơ quan “Sở Y tế”."),
        ({"lang": "fr"}, "Không có ngôn ngữ “fr”; trang hiện bằng tiếng Việt."),
    ],
)
def test_an_invalid_value_becomes_the_default_with_a_notice(query: dict[str, str], sentence: str) -> None:
    filters = parse_filters(query, OPTIONS)
    assert filters.notices == (sentence,)
    valid_query = {"plan": "ha-noi"} if query.get("plan") == "ha-noi" else {}
    assert replace(filters, notices=()) == parse_filters(valid_query, OPTIONS)


def test_a_notice_shortens_a_long_value() -> None:
    assert len(parse_filters({"plan": "x" * 5_000}, OPTIONS).notices[0]) < 120


plan_days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
filter_values = st.builds(
    Filters,
    as_of=plan_days,
    year=st.integers(2026, 2030),
    plan=st.sampled_from([None, "ha-noi", "dong-thap", "bac-kan"]),
    agency=st.none(),
    lang=st.sampled_from(["vi", "en"]),
)


@given(filter_values)
def test_a_copied_link_opens_the_same_view_on_the_same_day(filters: Filters) -> None:
    address = filters.build_url("province", TODAY)
    assert parse_filters(dict(parse_qsl(urlsplit(address).query)), OPTIONS) == filters


@given(filter_values)
def test_a_link_that_names_a_day_opens_the_same_view_on_any_day(filters: Filters) -> None:
    if filters.as_of != TODAY:
        later = replace(OPTIONS, today=TODAY + timedelta(days=90))
        query = dict(parse_qsl(urlsplit(filters.build_url("province", TODAY)).query))
        assert parse_filters(query, later) == filters


def test_an_agency_with_any_letters_survives_the_link() -> None:
    options = replace(OPTIONS, agencies=("Báo & Đài, “Tây” #1?",))
    filters = Filters(TODAY, 2026, "ha-noi", "Báo & Đài, “Tây” #1?", "vi")
    query = dict(parse_qsl(urlsplit(filters.build_url("agency", TODAY)).query))
    assert parse_filters(query, options) == filters


def test_provinces_are_sorted_first_and_in_vietnamese_order() -> None:
    names = [choice.name for choice in sort_plan_choices([BAC_KAN, HA_NOI, DONG_THAP])]
    assert names == ["Đồng Tháp", "Hà Nội", "Phường Bắc Kạn"]
