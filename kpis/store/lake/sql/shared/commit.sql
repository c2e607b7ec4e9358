-- everything since the beginning of the transaction is there for all
commit
