-- one row per content of an entry that names who typed it, or has a link or document number, and its row hash
select distinct
    source, target, agency, occurred_on, quantity, denominator, content, evidence, entered_by, row_hash
from entries
where entered_by is not null or contains(evidence, '/')
