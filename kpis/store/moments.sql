-- one row per distinct moment in a column
select distinct {column} as moment from {table} where {column} is not null
