-- one row if it is written: up to which number the shared tables have what releases need
select counter from kpis_shared.counters where kind = 'tables'
