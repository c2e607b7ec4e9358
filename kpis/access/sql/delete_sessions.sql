-- removes every session
delete from sessions
