-- one row: what who leads last saw, and whether that was so short a time ago that somebody leads; none before that
select release, files, process, looked_at > clock_timestamp() - make_interval(secs => %(seconds)s) as is_fresh
from kpis_shared.configuration
