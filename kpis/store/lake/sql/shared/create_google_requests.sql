-- one row per service account and kind of request (reads and writes are counted apart): the moments of the last minute's
create table if not exists kpis_shared.google_requests (
    account text, metric text, moments timestamptz [] not null, primary key (account, metric)
)
