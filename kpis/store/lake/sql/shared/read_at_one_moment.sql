-- the transaction that was just begun reads everything as of one moment, and changes nothing
set transaction isolation level repeatable read read only
