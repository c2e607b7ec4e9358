"""Every label and choice of a review has its Vietnamese words, and no two choices of a field the same ones."""

from __future__ import annotations

from kpis.language.messages import LANGUAGES, load_catalogue, translate
from kpis.plan_import.review.book.layout import TABS, list_titles
from kpis.plan_import.review.draft.fields import FIELDS, HEADER_FIELDS, DraftField
from kpis.plan_import.review.draft.values import format_value, parse_text


def _list_all_fields() -> list[DraftField]:
    return [*HEADER_FIELDS.values(), *(item for items in FIELDS.values() for item in items)]


def test_labels_and_choices_are_translated() -> None:
    catalogue = load_catalogue("vi")
    keys = {key for item in _list_all_fields() for key in (item.label, *item.choices.values())}
    assert keys - catalogue.keys() == set()


def test_a_choice_is_read_from_its_words_in_both_languages_and_from_its_code() -> None:
    for item in _list_all_fields():
        for code, label in item.choices.items():
            for lang in LANGUAGES:
                assert parse_text(item, translate(lang, label)) == code
                assert parse_text(item, format_value(item, code, lang)) == code
            assert parse_text(item, code) == code


def test_no_two_columns_of_a_tab_have_the_same_title() -> None:
    for kind in TABS:
        titles = list_titles(kind)
        assert len(set(titles)) == len(titles)
