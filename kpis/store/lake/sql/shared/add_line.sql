-- adds a line at the end of its kind
insert into kpis_shared.lines (kind, line) values (%(kind)s, %(line)s)
