-- one row: a sign-in under way, which is then over
delete from sign_ins where token_hash = :token_hash returning data, ends_at
