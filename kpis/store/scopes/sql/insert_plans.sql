-- one row per plan
insert into {schema}.scope_plans values (?)
