-- adds a line at the end of the journal
insert into kpis_shared.journal (line) values (%(line)s)
