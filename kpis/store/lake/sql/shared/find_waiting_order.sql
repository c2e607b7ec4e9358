-- one row: the order of a kind that waits for its answer
select id from kpis_shared.orders where action = %(action)s and subject = %(subject)s and answered_at is null
