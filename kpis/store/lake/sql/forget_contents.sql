-- forgets what the tables hold
delete from followed.contents
