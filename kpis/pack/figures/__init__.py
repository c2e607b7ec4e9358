"""The figures of one edition, gathered once; every page and file is made from them alone."""
