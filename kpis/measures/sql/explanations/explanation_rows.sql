-- one row per row of a tab of explanations as known at the moment; of equal rows of two sources the one first recorded.
-- `question_moments`, `answer_moments`: when its question and its answer were recorded, in order: the same words, or
-- those of the rows of which it is an edit. Exactly one row of a source, tab, agency and subject that went in the sync
-- in which exactly one came was edited, if it is about the same request, or asked on the same day, and one sign of its
-- words differs (up to three bytes), or at most a fifth; a row without words ends the chain
with recursive known_history as (
    select
        e.*,
        row_number() over (order by e.recorded_at, e.source, e.tab, e."row", e.row_hash) as version,
        if(e.request is null, e.asked_on, null) as own_day,
        list(e.recorded_at) over (partition by e.source, e.target, e.task, e.agency, own_day, e.question)
            as same_questions_at,
        list(e.recorded_at) over (partition by e.source, e.target, e.task, e.agency, e.request, own_day, e.answer)
            as same_answers_at
    from explanations as e
    inner join tracked_plans as k
        on k.plan = e.plan and k.recorded_at <= $tracked_at and (k.retired_at is null or k.retired_at > $tracked_at)
    where e.recorded_at <= $known_at and ($plans is null or list_contains(cast($plans as varchar[]), e.plan))
),

single_arrivals as (
    select * from known_history
    qualify count(*) over (partition by source, tab, agency, target, task, recorded_at) = 1
),

single_departures as (
    select * from known_history where retired_at <= $known_at
    qualify count(*) over (partition by source, tab, agency, target, task, retired_at) = 1
),

edits as (
    select
        came.version, went.version as earlier_version,
        coalesce(
            levenshtein(came.question, went.question)
            <= greatest(3, strlen(came.question) / 5, strlen(went.question) / 5),
            false
        ) as keeps_question,
        (keeps_question or (came.question is null and went.question is null))
        and coalesce(
            levenshtein(came.answer, went.answer) <= greatest(3, strlen(came.answer) / 5, strlen(went.answer) / 5),
            false
        ) as keeps_answer
    from single_arrivals as came
    inner join single_departures as went
        on went.source = came.source and went.tab = came.tab and went.agency = came.agency
            and went.target is not distinct from came.target and went.task is not distinct from came.task
            and went.request is not distinct from came.request and went.own_day is not distinct from came.own_day
            and went.retired_at = came.recorded_at
),

chains as (
    select version, version as earlier_version, true as keeps_question, true as keeps_answer from known_history
    union all
    select c.version, e.earlier_version, c.keeps_question and e.keeps_question, c.keeps_answer and e.keeps_answer
    from chains as c
    inner join edits as e on e.version = c.earlier_version
    where (c.keeps_question and e.keeps_question) or (c.keeps_answer and e.keeps_answer)
),

moments as (
    select
        c.version,
        list_sort(list_distinct(flatten(list(h.same_questions_at) filter (where c.keeps_question))))
            as question_moments,
        list_sort(list_distinct(flatten(list(h.same_answers_at) filter (where c.keeps_answer)))) as answer_moments
    from chains as c
    inner join known_history as h on h.version = c.earlier_version
    group by c.version
),

dated_rows as (
    select
        h.*, m.question_moments, m.answer_moments,
        row_number() over (
            partition by h.plan, h.row_hash, coalesce(h.retired_at, $known_at) > $known_at or h.retired_at is null
            order by h.recorded_at, h.source
        ) as place
    from known_history as h
    inner join moments as m on m.version = h.version
)

select
    source, plan, target, task, agency, request, asked_on, question, due_on, answer, measures, promised_on, answered_on,
    answered_by, tab, "row", row_hash, recorded_at, question_moments, answer_moments
from dated_rows
where (retired_at is null or retired_at > $known_at) and place = 1
order by plan, recorded_at, source, tab, "row"
