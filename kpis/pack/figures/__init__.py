"""The figures of one edition, gathered once; every page and file is made only from them."""
