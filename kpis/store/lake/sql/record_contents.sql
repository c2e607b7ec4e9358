-- records what the tables hold
insert into followed.contents by name
select * from contents
