"""Reminders: what each agency owes, as a short text and an e-mail to the addresses of `contacts.toml`."""
