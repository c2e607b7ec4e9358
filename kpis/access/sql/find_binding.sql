-- one row if the person is bound to this account
select email from bindings where email = :email and issuer = :issuer and subject = :subject
