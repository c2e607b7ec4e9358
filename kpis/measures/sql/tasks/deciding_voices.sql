-- one row per requested task instance, agency that decides and agency whose reports speak for it from a day on: its own, and
-- those of each that has stood for it since; `decides_alone_from` is the day from which this voice speaks for all that decide
with voices as (
    select task, year, named_agency, agency, deciding, named_agency as voice, date '0001-01-01' as from_day
    from deciding_agencies
    union all
    select d.task, d.year, d.named_agency, d.agency, d.deciding, s.successor, s.from_day
    from deciding_agencies as d
    inner join known_agency_successors as s on s.plan = d.plan and s.agency = d.named_agency and s.from_day <= $as_of
),

-- the days from which a voice speaks for each that decides
voice_days as (
    select task, year, voice, count(*) as decided, max(from_day) as last_day
    from voices
    group by task, year, voice
)

select v.* exclude (deciding), if(d.decided = v.deciding, d.last_day, null) as decides_alone_from
from voices as v
inner join voice_days as d on d.task = v.task and d.year = v.year and d.voice = v.voice
