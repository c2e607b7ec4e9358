-- one row per source that was ever read successfully
select * from source_states order by position, source
