-- one row if the person is bound to an account
select email from bindings where email = :email
