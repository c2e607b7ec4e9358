-- removes sign-ins that were not finished in time
delete from sign_ins where ends_at <= :now
