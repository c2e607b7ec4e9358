"""What a viewer's queries see: for each scope a schema with the names of the tables themselves."""
