-- at most one row: the id of the folder that the machines of the lake share, as in the folder's own mark
create table if not exists kpis_shared.shared_folder (single boolean primary key default true check (single), id text not null)
