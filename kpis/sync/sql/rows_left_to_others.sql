-- one row per current row that was left to another source: its own source and the one that counts it
select source, row_hash, json_extract_string(detail, '$.source') as counted_by from rejections
where retired_at is null and code = 'duplicate_row' and json_extract_string(detail, '$.reason') = 'source'
