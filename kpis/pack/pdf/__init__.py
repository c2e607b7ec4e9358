"""An edition's pages as one PDF and one picture a page."""
