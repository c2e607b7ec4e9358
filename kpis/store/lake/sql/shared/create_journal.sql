-- one row per line of the sync journal, as in its file; the numbers rise with time
create table if not exists kpis_shared.journal (number bigint generated always as identity primary key, line text not null)
