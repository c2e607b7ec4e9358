-- one row: the counter of one kind of shared content, raised; whoever else raises it waits for the end of this transaction
insert into kpis_shared.counters (kind, counter) values (%(kind)s, 1)
on conflict (kind) do update set counter = counters.counter + 1
returning counter
