-- one row per current row that was left to another source, with the row's own source
select source, row_hash from rejections
where retired_at is null and code = 'duplicate_row' and json_extract_string(detail, '$.reason') = 'source'
