-- one row per plan of which something had been read by a moment
select distinct plan from entries where recorded_at <= $known_at
union
select distinct plan from task_reports where recorded_at <= $known_at
union
select distinct plan from rejections where recorded_at <= $known_at
