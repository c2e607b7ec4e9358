-- the rows of a published table that are computed again: those of the chosen plans' targets, or all
delete from {table}
where $plans is null or target in (select target from targets where list_contains($plans, plan))
