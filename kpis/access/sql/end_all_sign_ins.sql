-- ends every sign-in under way
delete from sign_ins
