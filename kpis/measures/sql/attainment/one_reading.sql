-- one row per subject, none of which is in doubt: the weak reading is the full one
select
    *,
    false as has_doubt,
    numerator as numerator_weak,
    denominator as denominator_weak,
    adds as adds_in_doubt,
    false as is_whole_weaker,
    true as is_applicable_in_doubt,
    is_met as is_met_in_both,
    is_met_at_due as is_met_at_due_in_both,
    status_unless_met as status_unless_met_in_both
from judged_figures
