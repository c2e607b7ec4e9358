"""The gate: the outermost middleware, which denies every request that it has no rule for."""
