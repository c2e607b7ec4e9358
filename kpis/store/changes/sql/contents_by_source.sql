-- one row per plan with rows, with a source in each, in a table: their number, and a sum over what they say
select source_states.plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from {table} as contents
left join source_states on source_states.source = contents.source
group by source_states.plan
