-- at most one row: release, format and files of the configuration as who leads last saw them; `files` is JSON or null
create table if not exists kpis_shared.configuration (
    single boolean primary key default true check (single),
    release text not null, format text not null, files text, process text not null, looked_at timestamptz not null
)
