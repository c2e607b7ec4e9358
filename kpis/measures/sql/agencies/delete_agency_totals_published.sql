-- the part of the standings that is computed anew: the named plans' targets, or all
delete from standings
where $plans is null or target in (select target from targets where list_contains($plans, plan))
