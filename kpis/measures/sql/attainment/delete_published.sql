-- the rows of a published table that are computed again: those of the copied periods
delete from {table}
where (target, period_start, period_end) in (select target, period_start, period_end from temp.periods)
