-- removes answered orders but the last ones
delete from kpis_shared.orders
where answered_at is not null and id not in (
    select id from kpis_shared.orders where answered_at is not null order by answered_at desc, id limit %(limit)s
)
