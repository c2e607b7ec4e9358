-- one row per source with a tab of explanations: when it was last read well
select source, last_good_at
from explanation_states
