-- one row per target, period and agency that leads, stands on the roster, holds a share or has an entry
with involved_agencies as (
    select target, period_start, period_end, lead as agency from requested_periods
    union
    select a.target, a.period_start, a.period_end, r.agency
    from requested_periods as a
    inner join known_rosters as r on r.target = a.target
    union
    select a.target, a.period_start, a.period_end, s.agency
    from requested_periods as a
    inner join known_shares as s on s.target = a.target
    union
    select target, period_start, period_end, agency from totals
)

select
    a.* replace (
        case
            when a.floor is null then null
            when s.share is not null then s.share
            when a.measure = 'ratio' or (a.measure = 'coverage' and r.agency is not null) then a.floor
        end as floor
    ),
    n.agency,
    s.share,
    case when r.agency is null then 0 else 1 end as roster_parts,
    -- its own ratio is compared with the floor: the rest of the roster is not its responsibility
    true as stands_alone
from involved_agencies as n
inner join requested_periods as a
    on a.target = n.target and a.period_start = n.period_start and a.period_end = n.period_end
left join known_rosters as r on r.target = n.target and r.agency = n.agency
left join known_shares as s on s.target = n.target and s.agency = n.agency
