-- the process of the pages claims editions, and lets replicas see what it adds
grant insert, update on kpis_shared.edition_claims, kpis_shared.counters to kpis_page
