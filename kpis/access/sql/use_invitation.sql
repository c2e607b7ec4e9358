-- one row: an invitation that was open and is now used up
update invitations set used_at = :now
where token_hash = :token_hash and used_at is null and ends_at > :now
returning email
