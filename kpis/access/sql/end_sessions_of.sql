-- ends every session of one person
delete from sessions where email = :email
