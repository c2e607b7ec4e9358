-- forgets the weeks of Sundays that have not ended: the next publication after each of them writes it
delete from weekly where sunday > $last
