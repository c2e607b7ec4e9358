"""The web server around the pages: routes, style sheet, warm start, the watcher process."""
