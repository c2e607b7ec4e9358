-- forgets which release and configuration led
delete from kpis_shared.configuration
