-- removes Parquet files below the lake's folder that it never named, last written before a moment: one row for each
select path from ducklake_delete_orphaned_files('lake', dry_run => $dry_run, older_than => $older_than)
