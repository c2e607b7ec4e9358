"""Facts of the plans (`register/`) and a made-up year of sheets (`sample/`)."""
