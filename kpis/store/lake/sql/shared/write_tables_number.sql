-- writes down what the shared tables have now
insert into kpis_shared.counters (kind, counter) values ('tables', %(number)s)
on conflict (kind) do update set counter = excluded.counter
