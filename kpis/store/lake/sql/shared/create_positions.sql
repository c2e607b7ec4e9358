-- one row per source with findings that stand elsewhere than in the version: their positions, as in their file
create table if not exists kpis_shared.positions (source text primary key, moved text not null)
