-- lets nobody else look and record until the end of the transaction
lock table kpis_shared.configuration in exclusive mode
