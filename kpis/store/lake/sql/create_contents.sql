-- one row per table and plan with rows (`plan` is null where a table is counted as one): how many rows there are, how many
-- of a history are current, and a sum over what the rows of any other table hold. `changed_in` is the version that last
-- changed any; `rewritten_in` the last one that changed rows of a history otherwise than by recording and retiring
create table followed.contents (
    table_name varchar not null, plan varchar, rows bigint not null, current_rows bigint, checksum varchar,
    changed_in bigint not null, rewritten_in bigint not null
)
