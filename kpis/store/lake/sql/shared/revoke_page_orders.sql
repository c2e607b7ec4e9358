-- the process of the pages asks the leader, and changes no answer
revoke update, delete on kpis_shared.orders from kpis_page
