"""Where everything is put together: one refresh of all sources, and the watcher that repeats it."""
