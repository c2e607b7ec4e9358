-- The tables of one version of the database. No primary keys, indexes or sequences (design.md §7): correctness comes
-- from one writer and one transaction. Times are UTC without a zone. "current" means retired_at is null.

-- one row per property of this version: format, version, recorded_at (the latest moment at which anything was
-- recorded or retired, ISO), register_hash, rules_hash, sample ("yes" or "no"), weeks_until (the last Sunday of which
-- `weekly` has what was known; ISO)
create table meta (key varchar not null, value varchar);

-- one row per plan: the version in which a row of it, in any table, last differed (kpis/store/changes). What is kept of a
-- page of that plan alone stays right until then
create table plan_changes (plan varchar not null, version bigint not null);

-- one row per other table: the number of its rows, and a sum over what they say (kpis/store/changes/totals.py). `way` tells
-- how they were counted: only what was counted alike can be compared
create table totals (counted_table varchar not null, rows bigint not null, said ubigint not null, way varchar not null);

-- one row per plan and time that it was tracked: it had a configured source or a current accepted row. Only such plans
-- are in the tables of the register; rows of before format 3 count from the first moment on
create table tracked_plans (plan varchar not null, recorded_at timestamp not null, retired_at timestamp);

-- ---------- the register: rows are recorded and retired as those of the history are ----------
-- `recorded_at` is null in the first rows of a plan (or indicator) and in those of before format 4: they were always known
create table indicators (
    indicator varchar not null, position integer not null, name_vi varchar not null, name_en varchar not null,
    unit_vi varchar not null, unit_en varchar not null, measure varchar not null, accumulation varchar not null,
    joint boolean,
    recorded_at timestamp, retired_at timestamp
);
create table plans (
    plan varchar not null, position integer not null, province varchar not null, place varchar not null,
    kind varchar not null, title_vi varchar not null, title_en varchar not null, issuer varchar not null,
    number varchar, issued_on date, start_year integer not null, end_year integer, shown_to integer not null,
    reporting_day varchar, focal_agency varchar not null,
    -- JSON: the columns of the plan's annex, each with content, title and group; null where the plan names none
    annex_columns varchar,
    -- what is added to the name of the place where it has several plans: years, or the title; else null
    place_suffix varchar,
    -- JSON: the days by which agencies report, each with day, of and next_year (kpis/register/reporting_days.py); null
    -- for none. `reporting_day` (MM-DD) is the yearly one if it is in the year that is reported on
    reporting_days varchar,
    recorded_at timestamp, retired_at timestamp
);
create table targets (
    target varchar not null, plan varchar not null, position integer not null, indicator varchar not null,
    title_vi varchar not null, title_en varchar not null, section varchar not null, line integer,
    measure varchar not null, accumulation varchar not null, comparator varchar,
    floor decimal(18, 6), stretch decimal(18, 6), unit_vi varchar not null, unit_en varchar not null,
    recurrence varchar not null, recurrence_basis varchar not null,
    recurrence_reason_vi varchar, recurrence_reason_en varchar,
    force varchar not null, lead varchar not null, lead_basis varchar not null, pace varchar not null,
    population bigint, roster_size integer not null,
    -- `adds_up` false: a rate, of which the lead's own value counts; `each`: how many each agency of a roster has to reach;
    -- `numerator_vi`, `denominator_vi`: what a ratio counts, in the words of the plan
    adds_up boolean, each integer, numerator_vi varchar, denominator_vi varchar,
    -- how the entries count for the stages of a target: "to_date", "each_year", or null without stages
    counting varchar,
    -- how many days after the end of a quarter, month or half-year that is not met its year is overdue
    due_after_days integer,
    -- `version_of`: of a copy of a target as an earlier version of its plan has it, or as it is since agencies were merged
    -- or renamed, the target; `version`: of which version, if the versions of the plan differ in it; `ended_on`: from when a
    -- later version no longer has it; `named_lead`: the lead that the plan names, of a copy for which another agency may
    -- stand
    version_of varchar, version integer, ended_on date, named_lead varchar,
    recorded_at timestamp, retired_at timestamp
);
-- one row per target and period; a yearly target has one per year; without a floor it is carried, not judged. It is asked
-- for in the years from `asked_from` to `asked_to`: of the stages of a target, one in each year
create table periods (
    target varchar not null, period_start date not null, period_end date not null, due_on date not null,
    floor decimal(18, 6), asked_from integer, asked_to integer,
    -- `span` names a quarter, month or half-year ("2026-Q3", "2026-07", "2026-H1") beside the year of its target; the pace
    -- begins on `paced_from`; a period is not `in_force` if it ended before the target began
    span varchar, paced_from date, in_force boolean,
    -- where the pace begins, the figure of `baseline_year`; a yearly change without it is compared with the final figure of
    -- that year
    baseline decimal(18, 6), baseline_year integer,
    -- the days on which it judges, of a plan with several versions (from the first until before the second; null: always)
    judged_from date, judged_until date,
    recorded_at timestamp, retired_at timestamp
);
-- the agencies whose entries make a target complete: its roster; of a change without one, its lead
create table rosters (
    target varchar not null, agency varchar not null,
    recorded_at timestamp, retired_at timestamp
);
create table shares (
    target varchar not null, agency varchar not null, share decimal(18, 6) not null,
    recorded_at timestamp, retired_at timestamp
);
create table agencies (
    plan varchar not null, agency varchar not null, position integer not null, kind varchar not null,
    basis varchar not null, collective boolean not null,
    -- the agency that stands for it from a day on, since it was merged or renamed; null for none
    successor varchar, successor_from date,
    recorded_at timestamp, retired_at timestamp
);
-- one row per agency that has ended and agency that has stood for it since: of a chain one for each later one, with the
-- days on which it does (until before the second; null: still)
create table agency_successors (
    plan varchar not null, agency varchar not null, successor varchar not null,
    from_day date not null, until_day date,
    recorded_at timestamp, retired_at timestamp
);
-- one row per collective (a row of `agencies` too) and single agency that is a member of it
create table collective_members (
    plan varchar not null, collective varchar not null, agency varchar not null,
    recorded_at timestamp, retired_at timestamp
);
create table sections (
    plan varchar not null, section varchar not null, position integer not null, parent varchar,
    title_vi varchar not null, title_en varchar not null, line integer,
    recorded_at timestamp, retired_at timestamp
);
-- one row per task of an annex; `section` and `number` are as printed ("A.I", "1.1"), null where there are none
create table tasks (
    task varchar not null, plan varchar not null, position integer not null, section varchar,
    number varchar, title_vi varchar not null, title_en varchar not null, line integer,
    output varchar, schedule varchar, timing varchar not null, first_year integer not null, last_year integer,
    -- as of a target
    version_of varchar, version integer,
    recorded_at timestamp, retired_at timestamp
);
-- one row per task and year it is due in (a yearly task has one per year; an ongoing one is never due: due_on null)
create table task_instances (
    task varchar not null, year integer not null, starts_on date not null, due_on date,
    -- the days on which it judges, of a plan with several versions (from the first until before the second; null: always)
    judged_from date, judged_until date,
    recorded_at timestamp, retired_at timestamp
);
create table task_leads (
    task varchar not null, agency varchar not null, collective boolean not null,
    position integer, recorded_at timestamp, retired_at timestamp
);
create table task_coordinators (
    task varchar not null, agency varchar not null,
    position integer, recorded_at timestamp, retired_at timestamp
);
-- one row per clause of an accepted document: what it says of a target or task (`entry`), and where; of a target with
-- stages one for each. Plans that come with the product have none
create table clauses (
    plan varchar not null, entry varchar not null, position integer not null, quote varchar not null,
    section varchar, page integer, line integer,
    recorded_at timestamp, retired_at timestamp
);
-- one row per accepted version of a plan (plans that come with the product have none). `in_force_from` is null for a first
-- version; `judges_again` (JSON): the years whose periods it judges although their due day had passed when it was accepted
create table plan_versions (
    plan varchar not null, version integer not null, document_number varchar, issued_on date, in_force_from date,
    accepted_at timestamp not null, reviewer varchar not null, judges_again varchar not null,
    corrects integer, why varchar,
    recorded_at timestamp, retired_at timestamp
);
-- one row per entry (target, milestone, task, …) that a version changed, added or dropped, against the version before it or
-- the one that it corrects; `fields` (JSON): each changed field with the old and the new value, as in the plan's files.
-- `quote`: the clause of the version's document, and where it stands
create table version_changes (
    plan varchar not null, version integer not null, position integer not null, compared_with integer not null,
    kind varchar not null, entry varchar not null, title_vi varchar not null, change varchar not null,
    fields varchar not null, measure varchar, quote varchar, section varchar, page integer, line integer,
    recorded_at timestamp, retired_at timestamp
);

-- ---------- history: rows are added and retired, never changed or deleted ----------
-- `tab` and `row`: the position of a row when it was recorded; `kpis.store.positions` has the current ones of rows to fix
-- entries: `fraction` is what `quantity` has behind its decimal mark, in millionths (null: nothing); `quantity` is null
-- where a carried target was reported in words. The last seven columns are null in rows of earlier formats (null means
-- false). `first_recorded_at` is set where
-- a row was retired and recorded again only because of `confirmed` or of one of the marks after it: the moment at which
-- its content was first recorded, by which the latest of two entries is decided
create table entries (
    source varchar not null, plan varchar not null, target varchar not null, agency varchar not null,
    occurred_on date not null, quantity bigint, denominator bigint,
    content varchar, evidence varchar, entered_by varchar,
    tab varchar not null, row integer not null, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp,
    confirmed boolean, shared_event varchar, sums_own_column boolean, is_struck boolean, swapped_on date,
    first_recorded_at timestamp, fraction integer
);
create table task_reports (
    source varchar not null, plan varchar not null, task varchar not null, agency varchar,
    status varchar not null, finished_on date, result varchar, evidence varchar, difficulty varchar,
    tab varchar not null, row integer not null, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp
);
-- one row per question, answer or both of a tab of explanations, about a target, a task or (neither) the agency.
-- `request`: the request of the ledger that it repeats or answers; it is decided when the row is first recorded.
-- `first_recorded_at`: as in entries, where only `request` or `answered_by` changed
create table explanations (
    source varchar not null, plan varchar not null, target varchar, task varchar, agency varchar not null,
    request varchar, asked_on date, question varchar, due_on date,
    answer varchar, measures varchar, promised_on date, answered_on date, answered_by varchar,
    tab varchar not null, row integer not null, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp, first_recorded_at timestamp
);
-- one row per rejected row and code; `cell` is like "D12", `header` is the sheet's, `detail` the sentence's values;
-- `tab_kind` is "explanations" for rows of that tab, here and in the tables below, else null
create table rejections (
    source varchar not null, plan varchar not null, agency varchar, target varchar,
    tab varchar not null, row integer not null, cell varchar, header varchar,
    code varchar not null, value varchar, detail varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp, tab_kind varchar
);
-- one row per accepted row and warning code
create table warnings (
    source varchar not null, plan varchar not null, agency varchar, target varchar,
    tab varchar not null, row integer not null, cell varchar, header varchar,
    code varchar not null, value varchar, detail varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp, tab_kind varchar
);
-- one row per row that is no data: `reason` says why, `value` is what the row says
create table set_aside_rows (
    source varchar not null, plan varchar not null, tab varchar not null, row integer not null,
    reason varchar not null, value varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp, tab_kind varchar
);
-- one row per row of a tab that we read, as it was read, stored so that it can be checked again: `cells` is a JSON
-- object field -> [kind, value, marks] of the columns that we read (`kpis.sheet.cells.restore_cell`) without empty
-- cells; the marks (how a cell looks) are left out if there are none
create table raw_rows (
    source varchar not null, tab varchar not null, row integer not null, cells varchar not null,
    row_hash ubigint not null, read_at timestamp not null, recorded_at timestamp not null, retired_at timestamp,
    tab_kind varchar
);
-- one row per source ever read successfully, rewritten at every publication; the counts are those of its current rows.
-- `judged_by` is the hash of the register and rules that its rows were checked with, `layout` (JSON) its columns,
-- `reader_version` what the reader of its stored rows took from a sheet (null: a version before there was a number)
create table source_states (
    source varchar not null, plan varchar not null, kind varchar not null, location varchar not null,
    content_hash varchar not null, read bigint not null, accepted bigint not null, warned bigint not null,
    rejected bigint not null, last_good_at timestamp not null, changed_at timestamp not null,
    tasks_seen boolean not null, falls_due_on date, position integer not null,
    judged_by varchar not null, layout varchar not null, set_aside bigint, reader_version integer
);

-- one row per source whose tab of explanations was ever read well: as source_states, for that tab alone
create table explanation_states (
    source varchar not null, plan varchar not null, read bigint not null, accepted bigint not null,
    rejected bigint not null, last_good_at timestamp not null, falls_due_on date, judged_by varchar not null,
    layout varchar not null, reader_version integer not null
);

-- ---------- computed once, at publication, from the current entries ----------
-- (a period is a target, its start and its end: periods of one target may share a start)
-- one row per target, period and day on which its total changed: the running total from `day` until before `until`;
-- `stood_when_due` marks the total on the due day
create table curve (
    target varchar not null, period_start date not null, day date not null, until date not null,
    stood_when_due boolean not null,
    entries bigint not null, reporting_agencies integer not null, roster_reported integer not null,
    numerator bigint not null, denominator bigint, period_end date
);
-- one row per target, period and agency with an entry: its total by `last_on` (the day of its last entry) and its total
-- on the due day (`…_at_due`); `done_on` is the first day with a quantity of at least 1
create table standings (
    target varchar not null, period_start date not null, agency varchar not null,
    entries bigint not null, last_on date not null, done_on date, numerator bigint not null, denominator bigint,
    entries_at_due bigint not null, numerator_at_due bigint, denominator_at_due bigint, period_end date
);
-- one row per target and period some of whose entries may be read in two ways on some day (a superset: doubts are found
-- by kpis/measures/doubts.py for the day asked)
create table doubtful_periods (
    plan varchar not null, target varchar not null, period_start date not null, period_end date
);
-- one row per entry, of a target's period, that may be the same event as another entry of it on some day (without the
-- events that officers named): of many entries no others are compared when doubts are found
create table similar_rows (
    plan varchar not null, target varchar not null, period_start date not null, period_end date not null,
    agency varchar not null, source varchar not null, row_hash ubigint not null
);

-- ---------- written once, at the first publication after a Sunday has ended; never changed ----------
-- one row per Sunday and target of a plan that was tracked and of which a row had been read by then: the target as of
-- that Sunday, as known at its end. `actual` and `expected` are counts, or fractions for ratios, coverage and changes;
-- `plan_version` is null where the plan has one version or none
create table weekly (
    sunday date not null, plan varchar not null, target varchar not null,
    period_start date not null, period_end date not null, measure varchar not null, status varchar not null,
    actual double, expected double, plan_version integer
);
