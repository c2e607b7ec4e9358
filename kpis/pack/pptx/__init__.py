"""An edition's pages as slides."""
