-- the schema of one scope
create schema {schema}
