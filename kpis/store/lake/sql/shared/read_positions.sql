-- one row per source with moved findings
select source, moved from kpis_shared.positions order by source
