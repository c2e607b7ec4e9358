-- the number of the last change of a lake: it rises with each publication
select max(snapshot_id) from ducklake_snapshot
