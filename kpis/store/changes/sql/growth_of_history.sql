-- one row: how many rows of a history were recorded at a moment, and by how much what was recorded and retired then
-- changed the sum over what its rows say
with recorded as (
    select columns(lambda name: not list_contains($texts, name))
    from {table}
    where recorded_at = $at
),

retired as (
    select columns(lambda name: not list_contains($texts, name))
    from {table}
    where retired_at = $at and recorded_at is distinct from $at
),

before as (
    select * replace (cast(null as timestamp) as retired_at)
    from retired
)

select
    (select count(*) from recorded) as rows,
    (select coalesce(sum(hash(recorded)::hugeint), 0) from recorded)
    + (select coalesce(sum(hash(retired)::hugeint), 0) from retired)
    - (select coalesce(sum(hash(before)::hugeint), 0) from before) as said
