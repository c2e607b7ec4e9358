"""The page of entries: the accepted rows behind a count, and what each sync changed of them."""
