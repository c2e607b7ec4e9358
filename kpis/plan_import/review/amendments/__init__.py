"""The draft of a document that amends a plan: the version in force, and what each clause changes."""
