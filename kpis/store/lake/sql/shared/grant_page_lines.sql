-- the process of the pages asks agencies and the leader, and changes no question and no answer
grant insert on kpis_shared.lines, kpis_shared.orders to kpis_page
