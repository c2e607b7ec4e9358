"""Who may see and do what: rights file, sessions, invitations, sign-in bindings, audit (docs/decisions/access.md)."""
