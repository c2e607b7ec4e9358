-- one row per thing that a page asked the leader for; `details` and `answer` are JSON, the last two null while it waits
create table if not exists kpis_shared.orders (
    id text primary key, action text not null, subject text not null check (length(subject) <= 200),
    person text not null check (length(person) <= 400), details text not null check (length(details) <= 20000),
    ordered_at timestamptz not null default clock_timestamp(), answered_at timestamptz, answer text
)
