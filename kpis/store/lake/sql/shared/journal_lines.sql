-- one row per line of the journal, oldest first
select line from kpis_shared.journal order by number
