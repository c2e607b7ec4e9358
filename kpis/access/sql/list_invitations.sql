-- every invitation
select token_hash, email, created_at, ends_at, used_at from invitations
