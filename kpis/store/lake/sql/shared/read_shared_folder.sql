-- one row: the id of the shared folder; none before there is one
select id from kpis_shared.shared_folder
