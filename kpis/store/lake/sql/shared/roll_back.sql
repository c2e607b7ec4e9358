-- nothing since the beginning of the transaction has happened
rollback
