-- one row per binding
select email, issuer, subject, bound_at from bindings order by email
