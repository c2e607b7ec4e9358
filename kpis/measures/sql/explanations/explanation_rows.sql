-- one row per row of a tab of explanations as known at the moment; of equal rows of two sources the one first recorded.
-- `question_recorded_at`, `answer_recorded_at`: when the same question and the same answer were first recorded
with known_history as (
    select e.*
    from explanations as e
    inner join tracked_plans as k
        on k.plan = e.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
    where e.recorded_at <= $known_at and ($plans is null or list_contains(cast($plans as varchar[]), e.plan))
),

dated_rows as (
    select
        *,
        min(recorded_at) over (partition by source, target, task, agency, question) as question_recorded_at,
        min(recorded_at) over (partition by source, target, task, agency, request, answer) as answer_recorded_at,
        row_number() over (partition by plan, row_hash, coalesce(retired_at, $known_at) > $known_at or retired_at is null
            order by recorded_at, source) as place
    from known_history
)

select
    source, plan, target, task, agency, request, asked_on, question, due_on, answer, measures, promised_on, answered_on,
    answered_by, tab, "row", row_hash, recorded_at, question_recorded_at, answer_recorded_at
from dated_rows
where (retired_at is null or retired_at > $known_at) and place = 1
order by plan, recorded_at, source, tab, "row"
