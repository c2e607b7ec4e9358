-- asks for something, unless it waits already or too much does; the caller has raised the counter, so that nobody else asks
insert into kpis_shared.orders (id, action, subject, person, details)
select %(id)s, %(action)s, %(subject)s, %(person)s, %(details)s
where (select count(*) from kpis_shared.orders where answered_at is null) < %(limit)s
on conflict (action, subject) where answered_at is null do nothing
