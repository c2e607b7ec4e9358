-- records the id of the shared folder; the first one stays
insert into kpis_shared.shared_folder (id) values (%(id)s)
on conflict (single) do nothing
