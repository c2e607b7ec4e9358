-- removes every line of a kind
delete from kpis_shared.lines where kind = %(kind)s
