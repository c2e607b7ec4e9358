"""What a viewer's queries see: for each scope a schema of views with the names of the tables themselves."""
