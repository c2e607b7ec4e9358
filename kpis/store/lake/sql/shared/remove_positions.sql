-- removes the moved findings of every source
delete from kpis_shared.positions
