-- releases every binding
delete from bindings
