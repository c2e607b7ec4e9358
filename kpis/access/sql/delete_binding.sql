-- releases one person's binding
delete from bindings where email = :email
