"""The shared filters: they live in the URL, so that a copied link opens the same view.

    as_of=2026-11-21   the day that is asked about      year=2026   whose targets (default: as_of's)
    plan=dong-thap     one plan, so one province or ward   agency=Sở Y tế   one agency of that plan
    lang=en            the language

What stands at its default is left out. A value that cannot be used falls back, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from kpis.errors import UsageError
from kpis.language import formatting as written
from kpis.language.clock import parse_day
from kpis.language.messages import LANGUAGES, Language, translate
from kpis.language.normalization import to_sort_key
from kpis.ui import pages

QUERY_PARAMETERS = ("as_of", "year", "plan", "agency", "lang")
DEFAULT_LANGUAGE: Language = "vi"


@dataclass(frozen=True)
class PlanChoice:
    """One plan that can be chosen: its id, the name of its place, and whether that is a ward."""

    plan: str
    place: str
    province: str
    is_ward: bool
    first_year: int
    last_year: int
    has_tasks: bool = False

    @property
    def name(self) -> str:
        """What the reader sees: "Đồng Tháp", "Phường Bắc Kạn"."""
        return self.place[:1].upper() + self.place[1:] if self.is_ward else self.province


@dataclass(frozen=True)
class FilterOptions:
    """What can be asked about: the plans, the agencies of the one asked for, the day that stands unasked."""

    today: date
    plans: tuple[PlanChoice, ...] = ()
    agencies: tuple[str, ...] = ()

    def find_plan(self, plan: str | None) -> PlanChoice | None:
        """A plan by its id."""
        return next((choice for choice in self.plans if choice.plan == plan), None)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of all plans, in order; today's alone where there is no plan."""
        found = {year for choice in self.plans for year in range(choice.first_year, choice.last_year + 1)}
        return tuple(sorted(found)) or (self.today.year,)


@dataclass(frozen=True)
class Filters:
    """What the reader asks for. `notices` are sentences about values that could not be used."""

    as_of: date
    year: int
    plan: str | None
    agency: str | None
    lang: Language
    notices: tuple[str, ...] = ()

    def to_query_params(self, today: date) -> dict[str, str]:
        """The query of a link that opens this view on any day; what is at its default is left out."""
        given = {
            "as_of": self.as_of.isoformat() if self.as_of != today else None,
            "year": str(self.year) if self.year != self.as_of.year else None,
            "plan": self.plan,
            "agency": self.agency,
            "lang": self.lang if self.lang != DEFAULT_LANGUAGE else None,
        }
        return {name: value for name, value in given.items() if value}

    def build_url(self, page: str, today: date, **changes: Any) -> str:
        """The address of a page with these filters, some changed: `address("province", today, plan=…)`."""
        query = urlencode(replace(self, notices=(), **changes).to_query_params(today))
        path = "/" if page == pages.OVERVIEW else f"/{page}"
        return f"{path}?{query}" if query else path


def sort_plan_choices(plans: list[PlanChoice]) -> tuple[PlanChoice, ...]:
    """Provinces, then wards, each in Vietnamese alphabetical order."""
    return tuple(sorted(plans, key=lambda choice: (choice.is_ward, to_sort_key(choice.name))))


def parse_filters(params: Mapping[str, str], options: FilterOptions) -> Filters:
    """The filters that a URL's query asks for; whatever cannot be used falls back with a sentence."""
    lang = next((one for one in LANGUAGES if one == params.get("lang")), DEFAULT_LANGUAGE)
    notices: list[str] = []
    if params.get("lang") and params["lang"] not in LANGUAGES:
        notices.append(
            translate(lang, "The language “{value}” is not known.", value=_shorten(params["lang"]))
        )
    as_of = _parse_as_of(params.get("as_of"), options, lang, notices)
    year = _parse_year(params.get("year"), as_of, options, lang, notices)
    plan = _parse_plan(params.get("plan"), options, lang, notices)
    agency = _parse_agency(params.get("agency"), plan, options, lang, notices)
    return Filters(as_of, year, plan, agency, lang, tuple(notices))


def _shorten(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"


def _parse_as_of(text: str | None, options: FilterOptions, lang: Language, notices: list[str]) -> date:
    if not text:
        return options.today
    shown = written.format_day(options.today, lang)
    try:
        asked = parse_day(text)
    except UsageError:
        sentence = "“{value}” is no day; the figures are as of {day}."
        notices.append(translate(lang, sentence, value=_shorten(text), day=shown))
        return options.today
    if not options.years[0] <= asked.year <= options.years[-1]:
        sentence = "No plan covers {asked}; the figures are as of {day}."
        notices.append(translate(lang, sentence, asked=written.format_day(asked, lang), day=shown))
        return options.today
    return asked


def _parse_year(
    text: str | None, as_of: date, options: FilterOptions, lang: Language, notices: list[str]
) -> int:
    if not text:
        return as_of.year
    if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in options.years:
        return int(text)
    sentence = "No plan covers the year “{value}”; the figures are for {year}."
    notices.append(translate(lang, sentence, value=_shorten(text), year=as_of.year))
    return as_of.year


def _parse_plan(text: str | None, options: FilterOptions, lang: Language, notices: list[str]) -> str | None:
    if not text or options.find_plan(text):
        return text or None
    notices.append(translate(lang, "There is no plan “{value}”; all plans are shown.", value=_shorten(text)))
    return None


def _parse_agency(
    text: str | None, plan: str | None, options: FilterOptions, lang: Language, notices: list[str]
) -> str | None:
    if not text:
        return None
    if plan and text in options.agencies:
        return text
    notices.append(translate(lang, "The plan has no agency “{value}”.", value=_shorten(text)))
    return None
