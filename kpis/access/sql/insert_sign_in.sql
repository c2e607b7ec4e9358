-- adds a sign-in under way unless there are too many
insert into sign_ins (token_hash, data, ends_at)
select :token_hash, :data, :ends_at
where (select count(*) from sign_ins) < :limit
