"""The web server around the pages: routes, style sheet, prerendering, the watcher process."""
