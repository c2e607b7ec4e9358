-- makes room for one more sign-in under way; those that began after :replaceable stay
delete from sign_ins
where token_hash in (
    select token_hash from sign_ins
    where ends_at - :lifetime <= :replaceable
    order by ends_at
    limit (select case when count(*) < :limit then 0 else count(*) - :limit + 1 end from sign_ins)
)
