-- one row per agency whose rows a scope sees
create table {schema}.scope_agencies (plan varchar not null, agency varchar not null)
