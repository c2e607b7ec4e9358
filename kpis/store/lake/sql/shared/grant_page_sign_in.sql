-- the process of the pages signs people in and out
grant insert, update, delete on
    kpis_shared.sessions, kpis_shared.sign_ins, kpis_shared.invitations, kpis_shared.bindings
to kpis_page
