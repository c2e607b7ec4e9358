-- files of one plan each: what a province reads or changes is no more than its own
alter table entries set partitioned by (plan)
