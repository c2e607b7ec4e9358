-- the process of the pages seals editions
grant execute on function kpis_shared.try_edition_lock() to kpis_page
