-- one row: how many entries the version has, also those that were retired
select count(*) as entries
from entries
