-- ends the open invitations of one person
delete from invitations where email = :email and used_at is null
