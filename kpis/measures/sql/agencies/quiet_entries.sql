-- one row per known entry that may count for an agency without a recent report (see known_entries.sql)
select *
from every_known_entry
where agency in (select agency from quiet_names)
