-- raises the counter of a kind above another number, by a step
insert into kpis_shared.counters as counters (kind, counter) values (%(kind)s, %(above)s + %(step)s)
on conflict (kind) do update set counter = greatest(counters.counter, %(above)s) + %(step)s
