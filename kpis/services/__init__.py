"""Services that combine the layers below: one refresh of all sources, and the watcher that repeats it."""
