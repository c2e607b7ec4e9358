-- sets a property of the version
insert into meta (key, value) values ($key, $value)
