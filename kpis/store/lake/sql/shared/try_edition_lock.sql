-- one row: true if this session may seal now
select kpis_shared.try_edition_lock()
