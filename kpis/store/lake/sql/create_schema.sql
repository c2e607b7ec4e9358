-- a schema beside the tables of a version, which have theirs in `main`: what followers have to know of a publication
create schema followed
