-- one row per plan with sources: their number, and a sum over what is said of them; when each was last read well is left
-- out: it changes at every publication, and is shown from the journal, with which such pages are kept
select contents.plan, count(*) as rows, sum(hash(contents)::hugeint) as said
from (select * exclude (last_good_at) from {table}) as contents
group by contents.plan
