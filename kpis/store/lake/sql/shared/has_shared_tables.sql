-- one row: whether the shared tables were ever made
select to_regclass('kpis_shared.counters') is not null
