"""The overview, the leader's ten seconds: tiles, matrix, what to do now, what changed. HTML only."""
