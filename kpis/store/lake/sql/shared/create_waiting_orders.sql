-- what waits already is not asked for a second time
create unique index if not exists waiting_orders on kpis_shared.orders (action, subject) where answered_at is null
