-- adds one invitation
insert into invitations (token_hash, email, created_at, ends_at) values (:token_hash, :email, :now, :ends_at)
