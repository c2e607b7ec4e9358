-- removes every line of the journal
delete from kpis_shared.journal
