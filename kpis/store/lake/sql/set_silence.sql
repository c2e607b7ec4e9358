-- one row: the session ends, and with it its locks, when its client has said nothing for so long
select
    set_config('idle_session_timeout', %(silence_ms)s, false),
    set_config('tcp_user_timeout', %(silence_ms)s, false),
    set_config('tcp_keepalives_idle', %(keepalive_s)s, false),
    set_config('tcp_keepalives_interval', %(keepalive_s)s, false),
    set_config('tcp_keepalives_count', %(keepalive_count)s, false)
