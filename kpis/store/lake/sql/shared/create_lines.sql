-- one row per line of what every machine adds to, as in its file, by kind; the numbers rise with time
create table if not exists kpis_shared.lines (number bigint generated always as identity primary key, kind text not null, line text not null)
