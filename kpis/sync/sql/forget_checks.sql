-- every source is checked again by the next sync, on that sync's day
update source_states set judged_by = ''
