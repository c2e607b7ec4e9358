-- records that a version changed these plans
insert into plan_changes
select unnest($plans::varchar[]) as plan, $version as version
