-- at most one row: whether this lake was moved elsewhere ("moved"), or came from elsewhere and may be published to
-- ("arrived") or not yet ("arriving"); `move` is the same at the other place
create table followed.moves (
    state varchar not null, move varchar not null, other varchar not null, moved_at timestamp not null
)
