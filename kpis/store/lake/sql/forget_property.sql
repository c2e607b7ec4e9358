-- removes a property of the version
delete from meta where key = $key
