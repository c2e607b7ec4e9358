-- one row per source whose tab of explanations was ever read well
select * from explanation_states order by source
