-- binds a person to an account unless the person is bound
insert into bindings (email, issuer, subject, bound_at)
values (:email, :issuer, :subject, :now)
on conflict (email) do nothing
