-- ends every open invitation
delete from invitations where used_at is null
