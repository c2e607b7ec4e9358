"""Writing an edition's pages as slides."""
