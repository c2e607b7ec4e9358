-- one row per plan and agency
insert into {schema}.scope_agencies values (?, ?)
