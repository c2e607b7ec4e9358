-- forgets where the lake was moved to, or came from
delete from followed.moves
