-- where the files of the lake are
select data_path from ducklake_settings('lake')
