-- what each table holds, by table and plan
select table_name, plan, rows, current_rows, checksum, changed_in, rewritten_in
from followed.contents
order by table_name, plan
