-- answers an order that waits
update kpis_shared.orders set answered_at = clock_timestamp(), answer = %(answer)s
where id = %(id)s and answered_at is null
