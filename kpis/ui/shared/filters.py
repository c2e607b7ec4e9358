"""The shared filters. They are stored in the URL, so that a copied link opens the same view.

    as_of=2026-11-21   figures as of this day (default: today)
    year=2026          targets of this year (default: the year of as_of)
    plan=dong-thap     one plan, so one province or ward
    agency=Sở Y tế     one agency of that plan
    lang=en            the language

Default values are left out. An invalid value is replaced by the default, and a notice says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from kpis.errors import UsageError
from kpis.language import formatting
from kpis.language.clock import parse_day
from kpis.language.messages import LANGUAGES, Language, translate
from kpis.language.normalization import to_sort_key
from kpis.ui import pages

QUERY_PARAMETERS = ("as_of", "year", "plan", "agency", "lang")
DEFAULT_LANGUAGE: Language = "vi"


@dataclass(frozen=True)
class PlanChoice:
    """One plan that can be chosen. `name` is its place as readers see it: "Đồng Tháp", "Phường Bắc Kạn".

    `number` is the number of the issued document; None if its text has none.
    """

    plan: str
    name: str
    province: str
    is_ward: bool
    first_year: int
    last_year: int
    has_tasks: bool = False
    number: str | None = None


@dataclass(frozen=True)
class FilterOptions:
    """What can be chosen: the plans and the agencies of the chosen plan; `today` is the default day.

    `ended_agencies`: from which day another agency stands for one; it is no choice from then on, and can be opened.
    """

    today: date
    plans: tuple[PlanChoice, ...] = ()
    agencies: tuple[str, ...] = ()
    ended_agencies: tuple[tuple[str, date], ...] = ()

    def list_agencies(self, day: date, chosen: str | None = None) -> list[str]:
        """Return the agencies that are a choice on a day, and the one that is chosen."""
        ended = {name for name, from_day in self.ended_agencies if from_day <= day}
        return [name for name in self.agencies if name not in ended or name == chosen]

    def find_plan(self, plan: str | None) -> PlanChoice | None:
        """Return a plan by its id; None if there is none."""
        return next((choice for choice in self.plans if choice.plan == plan), None)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of all plans in order; the current year if there are no plans."""
        years = {year for choice in self.plans for year in range(choice.first_year, choice.last_year + 1)}
        return tuple(sorted(years)) or (self.today.year,)


@dataclass(frozen=True)
class Filters:
    """The chosen filters. `notices` are sentences about invalid values."""

    as_of: date
    year: int
    plan: str | None
    agency: str | None
    lang: Language
    notices: tuple[str, ...] = ()

    def to_query_params(self, today: date) -> dict[str, str]:
        """Return the URL query of this view, without default values."""
        params = {
            "as_of": self.as_of.isoformat() if self.as_of != today else None,
            "year": str(self.year) if self.year != self.as_of.year else None,
            "plan": self.plan,
            "agency": self.agency,
            "lang": self.lang if self.lang != DEFAULT_LANGUAGE else None,
        }
        return {name: value for name, value in params.items() if value}

    def build_url(self, page: str, today: date, more: Mapping[str, str] = MappingProxyType({}), **changes: Any) -> str:
        """Return the URL of a page with these filters, some changed: `build_url("tasks", today, plan=…)`.

        `more`: parameters that follow those of the filters.
        """
        query = urlencode({**replace(self, notices=(), **changes).to_query_params(today), **more})
        path = "/" if page == pages.OVERVIEW else f"/{page}"
        return f"{path}?{query}" if query else path


def sort_plan_choices(plans: list[PlanChoice]) -> tuple[PlanChoice, ...]:
    """Sort: provinces, then wards, each in Vietnamese alphabetical order."""
    return tuple(sorted(plans, key=lambda choice: (choice.is_ward, to_sort_key(choice.name))))


def parse_filters(params: Mapping[str, str], options: FilterOptions) -> Filters:
    """Read the filters from a URL query; an invalid value becomes the default, with a notice."""
    lang = next((code for code in LANGUAGES if code == params.get("lang")), DEFAULT_LANGUAGE)
    notices: list[str] = []
    if params.get("lang") and params["lang"] not in LANGUAGES:
        notices.append(translate(lang, "The language “{value}” is not available.", value=_shorten(params["lang"])))
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
    default_day = formatting.format_day(options.today, lang)
    try:
        as_of = parse_day(text)
    except UsageError:
        sentence = "“{value}” is not a date; the figures are as of {day}."
        notices.append(translate(lang, sentence, value=_shorten(text), day=default_day))
        return options.today
    if not options.years[0] <= as_of.year <= options.years[-1]:
        sentence = "No plan covers {date}; the figures are as of {day}."
        notices.append(translate(lang, sentence, date=formatting.format_day(as_of, lang), day=default_day))
        return options.today
    return as_of


def _parse_year(text: str | None, as_of: date, options: FilterOptions, lang: Language, notices: list[str]) -> int:
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
    value, plans = _shorten(text), options.plans
    if len(plans) == 1:
        sentence = "There is no plan “{value}”; {place} is shown."
        notices.append(translate(lang, sentence, value=value, place=plans[0].name))
        return plans[0].plan
    notices.append(translate(lang, "There is no plan “{value}”; all plans are shown.", value=value))
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
