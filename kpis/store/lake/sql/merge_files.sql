-- merges small files that lie side by side: one row per table, with how many became how many
select files_processed, files_created from ducklake_merge_adjacent_files('lake')
