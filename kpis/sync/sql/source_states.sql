-- one row per source ever read well
select * from source_states order by position, source
