-- one row per requested instance of one of $tasks and member of its collective lead that has not reported it done
select task, year, agency
from member_statuses
where list_contains($tasks, task) and not is_done
