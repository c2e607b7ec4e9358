-- forgets the snapshots before a moment, but never the last one: one row for each
select snapshot_id from ducklake_expire_snapshots('lake', dry_run => $dry_run, older_than => $older_than)
