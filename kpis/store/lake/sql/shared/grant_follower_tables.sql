-- the follower reads what it brings to its machine, and nothing of who is signed in
grant select on
    kpis_shared.counters, kpis_shared.journal, kpis_shared.positions, kpis_shared.orders, kpis_shared.shared_folder,
    kpis_shared.lines, kpis_shared.configuration
to kpis_follower
