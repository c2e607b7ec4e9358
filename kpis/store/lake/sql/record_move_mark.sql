-- records where the lake was moved to, or came from
insert into followed.moves (state, move, other, moved_at) values ($state, $move, $other, $moved_at)
