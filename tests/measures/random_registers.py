"""Random registers and entries at the edges of the rules, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.measures.tiny_database import TinyEntry, TinyTarget, make_year_period

AGENCIES = ("Sở Công Thương", "Sở Y tế", "UBND xã Đông", "UBND xã Tây")

_EDGE_DAYS = (
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 14), date(2026, 3, 15), date(2026, 3, 30),
    date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 14), date(2026, 12, 15),
    date(2026, 12, 16), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 15),
    date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2028, 12, 31), date(2029, 1, 1),
)  # fmt: skip
AMOUNTS = tuple(map(Decimal, ("0", "0.5", "0.5", "1.25", "2", "2.000001", "3.7", "6")))
SYNCS = (datetime(2026, 2, 1), datetime(2026, 8, 1), datetime(2027, 1, 1))
PERIODS = (
    (make_year_period(2026),),
    (make_year_period(2026, "12-31"),),
    (make_year_period(2026, "03-31"),),
    (make_year_period(2026, "01-01"),),
    ((date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 15)),),
    (make_year_period(2026), make_year_period(2027), make_year_period(2028)),
    ((date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 15)),),
    ((date(2026, 1, 1), date(2027, 12, 31), date(2027, 11, 10)),),
    (
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 15)),
        (date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 31)),
    ),
)

days = st.one_of(st.sampled_from(_EDGE_DAYS), st.dates(date(2026, 1, 2), date(2028, 12, 1)))
early_days = st.one_of(st.sampled_from(_EDGE_DAYS[1:10]), st.dates(date(2026, 1, 1), date(2026, 9, 1)))
agency_subsets = st.lists(st.sampled_from(AGENCIES), unique=True, max_size=3).map(tuple)


Stages = tuple[tuple[Decimal | None, int, int], ...]


@st.composite
def draw_stages(draw: st.DrawFn, floors: list[str]) -> tuple[tuple[tuple[date, date, date], ...], Stages]:
    """Draw stages of 2026 to 2028: to date, of which one is asked for in each year, or yearly values with a gap."""
    first, second = (Decimal(draw(st.sampled_from(floors))) for _ in range(2))
    if draw(st.booleans()):
        stage = draw(st.sampled_from([2026, 2027]))
        periods = tuple((date(2026, 1, 1), date(year, 12, 31), date(year, 12, 15)) for year in (stage, 2028))
        return periods, ((first, 2026, stage), (second, stage + 1, 2029))
    years = tuple(make_year_period(year) for year in (2026, 2027, 2028))
    return years, ((first, 2026, 2026), (None, 2027, 2027), (second, 2028, 2028))


@st.composite
def draw_baseline(draw: st.DrawFn, measure: str, accumulation: str) -> Decimal | None:
    """Draw the figure of an earlier year: always of a change, at times of a ratio or of an amount that is a level."""
    if measure == "change":
        return Decimal(draw(st.sampled_from(["4", "5", "3.5", "0.5"])))
    if measure == "ratio" or (measure == "amount" and accumulation == "level"):
        values = ["0", "0.2", "0.6", "1"] if measure == "ratio" else ["0", "1.5", "6", "30"]
        return draw(st.one_of(st.none(), st.sampled_from(list(map(Decimal, values)))))
    return None


@st.composite
def draw_target(draw: st.DrawFn, name: str) -> TinyTarget:
    """Draw a target: any measure, comparator, pace and period, with or without roster, population, shares."""
    measure = draw(
        st.sampled_from(
            ["count", "count", "amount", "ratio", "coverage", "coverage", "change", "change", "milestone", "carried"]
        )
    )
    fractions, counts = ["0.5", "0.75", "0.333333", "0.9", "1"], ["1", "2", "4", "5", "8", "20", "2.5", "0"]
    shares = draw(st.dictionaries(st.sampled_from(AGENCIES), st.sampled_from(["1", "2", "0.5"]), max_size=2))
    accumulation = draw(st.sampled_from(["increment", "level"]))
    is_rate = measure in ("count", "amount", "change") and accumulation == "level" and draw(st.booleans())
    floors = fractions if measure in ("ratio", "coverage") else counts
    comparator = draw(st.sampled_from([">=", ">=", ">", "<=", "<"]))
    if measure == "change":
        shares = {}
        floors = ["0.1", "0.5", "0.03", "1.5"] if comparator in (">=", ">") else ["-0.1", "-0.5", "-0.333333", "0"]
    baseline = draw(draw_baseline(measure, accumulation))
    stages: Stages = ()
    counting = None
    periods = draw(st.sampled_from(PERIODS))
    if measure != "carried" and draw(st.sampled_from([False, False, True])):
        shares = {}
        periods, stages = draw(draw_stages(floors))
        counting = "each_year" if len(stages) == 3 else "to_date"
    return TinyTarget(
        id=name,
        measure=measure,
        accumulation=accumulation,
        adds_up=not is_rate,
        each=draw(st.sampled_from([1, 1, 3, 6])) if measure == "coverage" else 1,
        comparator=comparator,
        floor=Decimal(draw(st.sampled_from(floors))),
        pace=draw(st.sampled_from(["linear", "linear", "quarterly", "on:03-15", "on:02-29", "on:12-31"])),
        population=draw(st.one_of(st.none(), st.integers(1, 12))),
        lead=draw(st.sampled_from(AGENCIES)),
        roster=draw(agency_subsets),
        shares={agency: Decimal(share) for agency, share in shares.items()},
        periods=periods,
        stages=stages,
        baseline=baseline,
        counting=counting,
    )


@st.composite
def draw_entry(draw: st.DrawFn, target: TinyTarget) -> TinyEntry:
    """Draw an entry of a target: often on an edge day, read in one of three syncs, perhaps retired later."""
    denominator = None
    quantity: int | Decimal = draw(st.integers(0, 6))
    if target.measure in ("amount", "change"):
        quantity = draw(st.sampled_from(AMOUNTS))
    if target.measure == "ratio":
        denominator = draw(st.sampled_from([0, 1, 4, 6, 10]))
        quantity = min(int(quantity), denominator)
    recorded = draw(st.sampled_from(SYNCS))
    retirements = [None, *(sync for sync in SYNCS if sync > recorded)]
    return TinyEntry(
        target=target.id,
        agency=draw(st.sampled_from(AGENCIES)),
        occurred_on=draw(st.one_of(early_days, early_days, days)),
        quantity=quantity,
        denominator=denominator,
        recorded=recorded,
        retired=draw(st.sampled_from([None, None, None, *retirements])),
    )


@st.composite
def draw_register(draw: st.DrawFn) -> tuple[list[TinyTarget], list[TinyEntry]]:
    """Draw three to six targets of one plan, most of them with four to nine entries."""
    targets = [draw(draw_target(f"p.{number:02}")) for number in range(1, draw(st.integers(3, 6)) + 1)]
    min_entries = st.sampled_from([4, 4, 4, 0])
    entries = [
        entry
        for target in targets
        for entry in draw(st.lists(draw_entry(target), min_size=draw(min_entries), max_size=9))
    ]
    return targets, entries


as_of_day_triples = st.tuples(early_days, st.dates(date(2026, 5, 1), date(2026, 12, 16)), days)
"""Three as-of days: within the first months, around the first due days, and any."""

known_at_moments = st.sampled_from([*SYNCS, *(sync - timedelta(microseconds=1) for sync in SYNCS)])


_EVENT = "Hội nghị tuyên truyền quyền lợi người tiêu dùng tại trung tâm huyện"
_CONTENTS = (
    None, _EVENT, _EVENT + ".", _EVENT + " lớp 2", "Lũy kế số tin bài đã đăng", "Tin về kiểm tra chợ",
    "Phát thanh bài viết về quyền của người tiêu dùng",
)  # fmt: skip
_EVIDENCE = (None, "12/BC-SCT", "https://drive.google.com/file/d/1abcDEF/view", "https://vi-du.vn/tin/1")
_FLAGS = st.sampled_from([False, False, False, False, True])


def _draw_doubtful_quantity(target: TinyTarget) -> st.SearchStrategy[int | Decimal]:
    if target.measure in ("amount", "change"):
        return st.sampled_from(AMOUNTS)
    return st.integers(0, 1 if target.measure == "ratio" else 9)


@st.composite
def draw_doubtful_entry(draw: st.DrawFn, target: TinyTarget) -> TinyEntry:
    """Draw an entry like others of its target, with marks and contents that may put it in doubt."""
    day = draw(st.one_of(st.dates(date(2026, 3, 10), date(2026, 3, 13)), early_days))
    swapped_on = None
    if draw(_FLAGS) and day.day <= 12:
        swapped_on = day.replace(month=day.day, day=day.month)
    return replace(
        draw(draw_entry(target)),
        occurred_on=day,
        quantity=draw(_draw_doubtful_quantity(target)),
        denominator=draw(st.sampled_from([1, 4])) if target.measure == "ratio" else None,
        content=draw(st.sampled_from(_CONTENTS)),
        evidence=draw(st.sampled_from(_EVIDENCE)),
        confirmed=draw(_FLAGS),
        shared_event=draw(st.sampled_from([None, None, None, "le phat dong", "hoi nghi"])),
        sums_own_column=draw(_FLAGS),
        is_struck=draw(_FLAGS),
        swapped_on=swapped_on,
    )


@st.composite
def draw_doubtful_register(draw: st.DrawFn) -> tuple[list[TinyTarget], list[TinyEntry]]:
    """Draw two to four targets, most of which add up, with entries that may be in doubt."""
    targets = [
        replace(
            target,
            measure=measure,
            accumulation="increment" if measure in ("count", "amount") else target.accumulation,
            baseline=target.baseline if measure == "ratio" else None,
            adds_up=True,
            each=draw(st.sampled_from([1, 4])) if measure == "coverage" else 1,
            floor=min(target.floor or Decimal(1), Decimal(1)) if measure in ("ratio", "coverage") else target.floor,
            indicator=draw(st.sampled_from(["public_events", "news_items"])),
        )
        for number in range(draw(st.integers(2, 4)))
        for target in [draw(draw_target(f"p.{number + 1:02}").filter(lambda target: target.measure != "change"))]
        for measure in [draw(st.sampled_from(["count", "count", "amount", "coverage", target.measure]))]
    ]
    entries = [
        entry for target in targets for entry in draw(st.lists(draw_doubtful_entry(target), min_size=2, max_size=8))
    ]
    return targets, entries


@st.composite
def draw_doubtful_changes(draw: st.DrawFn) -> tuple[list[TinyTarget], list[TinyEntry]]:
    """Draw yearly changes, with entries of two years that may be in doubt: of the figure, of its base, of both."""
    comparators = [(">=", "0.1"), (">", "0.03"), (">=", "1.5"), ("<=", "-0.1"), ("<", "-0.5")]
    targets = [
        TinyTarget(
            id=f"p.{number:02}",
            measure="change",
            accumulation=draw(st.sampled_from(["increment", "increment", "level"])),
            comparator=comparator,
            floor=Decimal(floor),
            recurrence="yearly",
            lead=AGENCIES[0],
            roster=draw(st.sampled_from([(), AGENCIES[:2]])),
            periods=tuple(make_year_period(year, draw(st.sampled_from(["12-15", "12-31"]))) for year in (2026, 2027)),
            baseline=Decimal(4),
            indicator=draw(st.sampled_from(["public_events", "news_items"])),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
        for comparator, floor in [draw(st.sampled_from(comparators))]
    ]
    entries = [
        replace(entry, agency=draw(st.sampled_from(AGENCIES[:2])), occurred_on=entry.occurred_on.replace(year=year))
        for target in targets
        for year in (2026, 2027)
        for entry in draw(st.lists(draw_doubtful_entry(target), min_size=1, max_size=6))
        for entry in [replace(entry, swapped_on=entry.swapped_on and entry.swapped_on.replace(year=year))]
        if (entry.occurred_on.month, entry.occurred_on.day) != (2, 29)
    ]
    return targets, entries
