-- keeps the totals of every table, and in which way they were counted
insert into totals
select
    unnest($tables::varchar[]) as counted_table,
    unnest($rows::bigint[]) as rows,
    unnest($said::varchar[])::ubigint as said,
    $way as way
