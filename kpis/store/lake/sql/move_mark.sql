-- at most one row: where the lake was moved to, or came from
select state, move, other, moved_at from followed.moves
