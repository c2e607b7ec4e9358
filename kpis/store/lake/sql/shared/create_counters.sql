-- one row per kind of shared content: its counter rises with each change, and by that a replica sees that it has to look
create table if not exists kpis_shared.counters (kind text primary key, counter bigint not null)
