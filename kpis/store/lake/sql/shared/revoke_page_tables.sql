-- the process of the pages gets back the rights that follow, and has no others from an earlier release
revoke all on all tables in schema kpis_shared from kpis_page
