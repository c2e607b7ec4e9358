-- adds an invitation of another store as it is
insert into invitations (token_hash, email, created_at, ends_at, used_at)
values (:token_hash, :email, :created_at, :ends_at, :used_at)
