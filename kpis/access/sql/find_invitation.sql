-- one row: an open invitation
select email from invitations where token_hash = :token_hash and used_at is null and ends_at > :now
