"""Moving an installation's database between files and a lake, with all that lies beside its pointer."""
