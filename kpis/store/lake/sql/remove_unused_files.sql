-- removes the files that no snapshot has named since a moment: one row for each
select path from ducklake_cleanup_old_files('lake', dry_run => $dry_run, older_than => $older_than)
