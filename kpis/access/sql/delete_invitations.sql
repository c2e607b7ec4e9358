-- removes every invitation
delete from invitations
