-- the requests of one account are counted by one process at a time, until the end of its transaction
insert into kpis_shared.google_requests (account, metric, moments) values (%(account)s, %(metric)s, '{}')
on conflict (account, metric) do update set account = excluded.account
