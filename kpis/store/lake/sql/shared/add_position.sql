-- adds the moved findings of one source
insert into kpis_shared.positions (source, moved) values (%(source)s, %(moved)s)
