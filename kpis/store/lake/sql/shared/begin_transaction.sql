-- what follows is committed as a whole, or nothing of it
begin
