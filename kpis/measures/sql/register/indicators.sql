-- one row per indicator, in the register's order
select indicator, name_vi, name_en
from known_indicators
order by position
