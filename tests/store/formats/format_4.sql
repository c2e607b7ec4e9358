-- the tables of format 4, as that release wrote them (kpis/store/schema.sql)
create table meta (key varchar not null, value varchar);
create table tracked_plans (plan varchar not null, recorded_at timestamp not null, retired_at timestamp);
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
    annex_columns varchar,
    place_suffix varchar,
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
    adds_up boolean, each integer, numerator_vi varchar, denominator_vi varchar,
    counting varchar,
    due_after_days integer,
    version_of varchar, ended_on date,
    recorded_at timestamp, retired_at timestamp
);
create table periods (
    target varchar not null, period_start date not null, period_end date not null, due_on date not null,
    floor decimal(18, 6), asked_from integer, asked_to integer,
    span varchar, paced_from date, in_force boolean,
    baseline decimal(18, 6), baseline_year integer,
    judged_from date, judged_until date,
    recorded_at timestamp, retired_at timestamp
);
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
    recorded_at timestamp, retired_at timestamp
);
create table collective_members (
    plan varchar not null, collective varchar not null, agency varchar not null,
    recorded_at timestamp, retired_at timestamp
);
create table sections (
    plan varchar not null, section varchar not null, position integer not null, parent varchar,
    title_vi varchar not null, title_en varchar not null, line integer,
    recorded_at timestamp, retired_at timestamp
);
create table tasks (
    task varchar not null, plan varchar not null, position integer not null, section varchar,
    number varchar, title_vi varchar not null, title_en varchar not null, line integer,
    output varchar, schedule varchar, timing varchar not null, first_year integer not null, last_year integer,
    recorded_at timestamp, retired_at timestamp
);
create table task_instances (
    task varchar not null, year integer not null, starts_on date not null, due_on date,
    judged_until date,
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
create table clauses (
    plan varchar not null, entry varchar not null, position integer not null, quote varchar not null,
    section varchar, page integer, line integer,
    recorded_at timestamp, retired_at timestamp
);
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
create table rejections (
    source varchar not null, plan varchar not null, agency varchar, target varchar,
    tab varchar not null, row integer not null, cell varchar, header varchar,
    code varchar not null, value varchar, detail varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp
);
create table warnings (
    source varchar not null, plan varchar not null, agency varchar, target varchar,
    tab varchar not null, row integer not null, cell varchar, header varchar,
    code varchar not null, value varchar, detail varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp
);
create table set_aside_rows (
    source varchar not null, plan varchar not null, tab varchar not null, row integer not null,
    reason varchar not null, value varchar, row_hash ubigint not null,
    recorded_at timestamp not null, retired_at timestamp
);
create table raw_rows (
    source varchar not null, tab varchar not null, row integer not null, cells varchar not null,
    row_hash ubigint not null, read_at timestamp not null, recorded_at timestamp not null, retired_at timestamp
);
create table source_states (
    source varchar not null, plan varchar not null, kind varchar not null, location varchar not null,
    content_hash varchar not null, read bigint not null, accepted bigint not null, warned bigint not null,
    rejected bigint not null, last_good_at timestamp not null, changed_at timestamp not null,
    tasks_seen boolean not null, falls_due_on date, position integer not null,
    judged_by varchar not null, layout varchar not null, set_aside bigint, reader_version integer
);
create table curve (
    target varchar not null, period_start date not null, day date not null, until date not null,
    stood_when_due boolean not null,
    entries bigint not null, reporting_agencies integer not null, roster_reported integer not null,
    numerator bigint not null, denominator bigint, period_end date
);
create table standings (
    target varchar not null, period_start date not null, agency varchar not null,
    entries bigint not null, last_on date not null, done_on date, numerator bigint not null, denominator bigint,
    entries_at_due bigint not null, numerator_at_due bigint, denominator_at_due bigint, period_end date
);
create table doubtful_periods (
    plan varchar not null, target varchar not null, period_start date not null, period_end date
);
