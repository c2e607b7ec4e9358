-- one row per kind of shared content that was ever written, with its counter
select kind, counter from kpis_shared.counters
