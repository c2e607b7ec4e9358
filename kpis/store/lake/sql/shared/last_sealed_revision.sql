-- one row: the highest revision of a week, scope and language that was sealed on any machine; 0 for none
select coalesce(max(revision), 0) from kpis_shared.edition_claims where folder = %(folder)s and sealed_at is not null
