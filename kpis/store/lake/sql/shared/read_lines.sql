-- one row per line of a kind, oldest first
select line from kpis_shared.lines where kind = %(kind)s order by number
