-- one row per plan that a scope sees
create table {schema}.scope_plans (plan varchar not null)
