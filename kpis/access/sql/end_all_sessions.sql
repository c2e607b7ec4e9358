-- ends every session
delete from sessions
