-- Counts the cases of the view frist_cases by the law in the tables beside this file. The same text runs in DuckDB,
-- PostgreSQL and Spark: it joins on equality, compares, and counts. No engine casts a text or adds to a date: a text is
-- read by looking it up, and what is not in the calendar is rejected. Days are numbers, moments seconds since 1970.

-- Where each day begins, and the days beside it.
create or replace view frist_days as
select
    day_number, next_weekday,
    (day_number - 1) * 86400 - offset_before as previous_start,
    day_number * 86400 - utc_offset as day_start,
    (day_number + 1) * 86400 - offset_after as next_start
from frist_calendar;

-- Every row: whether it can be read, and what it says. Times are read where the control counts hours.
create or replace view frist_rows as
select
    control, case_number, unit, subunit, start_day, end_day, extended_day,
    case when extended_day is not null then decided_day end as decided_day,
    case when uses_due = 1 then due_day end as due_day,
    start_at,
    -- In the hour that comes twice, a case cannot end before it starts: it ended the second time.
    case when end_at < start_at then end_at + end_repeat else end_at end as end_at,
    fate
from (
    select
        coalesce(t.control, '') as control, x.case_number, x.unit, x.subunit, t.uses_due,
        s.day_number as start_day,
        case
            when w.meaning = 'open' then null
            when e.is_day = 1 then e.day_number
            when f.is_day = 1 then f.day_number
        end as end_day,
        case when n.is_day = 1 then n.day_number end as extended_day,
        case when c.is_day = 1 then c.day_number end as decided_day,
        case when o.is_day = 1 then o.day_number end as due_day,
        case
            when t.counts_hours = 1 and st.is_time = 1 then
                s.day_number * 86400 - s.utc_offset + st.second_of_day
                - case when st.second_of_day >= s.change_second then s.change_shift else 0 end
        end as start_at,
        case
            when t.counts_hours = 0 or w.meaning = 'open' then null
            when e.is_day = 1 and et.is_time = 1 then
                e.day_number * 86400 - e.utc_offset + et.second_of_day
                - case when et.second_of_day >= e.change_second then e.change_shift else 0 end
            when e.is_day = 0 and f.is_day = 1 and ft.is_time = 1 then
                f.day_number * 86400 - f.utc_offset + ft.second_of_day
                - case when ft.second_of_day >= f.change_second then f.change_shift else 0 end
        end as end_at,
        case
            when e.is_day = 1 and et.second_of_day < e.change_second
                and et.second_of_day >= e.change_second + e.change_shift then 0 - e.change_shift
            when e.is_day = 0 and ft.second_of_day < f.change_second
                and ft.second_of_day >= f.change_second + f.change_shift then 0 - f.change_shift
            else 0
        end as end_repeat,
        case
            when t.control is null then 'other_type'
            when x.kept = 'no' then 'filtered'
            when w.meaning = 'void' then 'void'
            when s.is_day = 1
                and (w.meaning = 'open' or e.is_day = 1 or f.is_day = 1 and e.is_day = 0
                    or e.is_day = 0 and f.is_day = 0 and coalesce(w.meaning, '') <> 'closed')
                and n.is_day >= 0 and c.is_day >= 0
                and (t.uses_due = 0 or o.is_day >= 0)
                and (t.counts_hours = 0 or st.is_time >= 0
                    and (w.meaning = 'open' or e.is_day = 1 and et.is_time >= 0
                        or e.is_day = 0 and (f.is_day = 0 or ft.is_time >= 0)))
            then 'read'
            else 'rejected'
        end as fate
    from frist_cases x
    left join frist_controls t on t.control = x.control
    left join frist_status w on w.status_text = x.status
    left join frist_dates s on s.date_text = x.start_date
    left join frist_dates e on e.date_text = x.end_date
    left join frist_dates f on f.date_text = x.end_date_2
    left join frist_dates n on n.date_text = x.extended_to
    left join frist_dates c on c.date_text = x.extension_decided
    left join frist_dates o on o.date_text = x.due_date
    left join frist_times st on st.time_text = x.start_time
    left join frist_times et on et.time_text = x.end_time
    left join frist_times ft on ft.time_text = x.end_time_2
) as every_row;

-- Every case: rows of one number that say the same are one case, others contradict each other.
create or replace view frist_single as
select
    control, 1 as case_rows, 1 as agree, unit, subunit,
    start_day, end_day, start_at, end_at, extended_day, decided_day, due_day
from frist_rows
where fate = 'read' and case_number = ''
union all
select
    control, count(*),
    case
        when min(start_day) = max(start_day)
            and min(coalesce(end_day, -99999)) = max(coalesce(end_day, -99999))
            and min(coalesce(start_at, -99999999999)) = max(coalesce(start_at, -99999999999))
            and min(coalesce(end_at, -99999999999)) = max(coalesce(end_at, -99999999999))
            and min(coalesce(extended_day, -99999)) = max(coalesce(extended_day, -99999))
            and min(coalesce(decided_day, -99999)) = max(coalesce(decided_day, -99999))
            and min(coalesce(due_day, -99999)) = max(coalesce(due_day, -99999))
        then 1
        else 0
    end,
    case when min(unit) = max(unit) then min(unit) else '<mixed>' end,
    case when min(subunit) = max(subunit) then min(subunit) else '<mixed>' end,
    min(start_day), min(end_day), min(start_at), min(end_at), min(extended_day), min(decided_day), min(due_day)
from frist_rows
where fate = 'read' and case_number <> ''
group by control, case_number;

-- Every case with the last days of its time, before any extension. Columns of a name that several of the tables have are
-- named anew: ClickHouse would keep the table in it.
create or replace view frist_last_days as
select
    k.control as control, k.case_rows, k.agree, k.unit, k.subunit, k.start_day as start_day, k.extended_day, k.decided_day,
    k.ended, k.until_day, k.until_at, k.due_at, k.reference_at,
    t.rolls, t.honours, t.decides, t.as_of as as_of, t.has_reference, d.method_bit,
    case
        when k.due_at is null then coalesce(d.due_day, k.due_day)
        when k.due_at < h.previous_start then h.day_number - 2
        when k.due_at < h.day_start then h.day_number - 1
        when k.due_at < h.next_start then h.day_number
        else h.day_number + 1
    end as strict_day,
    case
        when k.due_at is null then
            coalesce(d.rolled_day, case when t.may_roll = 1 then o.next_weekday end, k.due_day)
        when k.due_at < h.previous_start then h.day_number - 2
        when k.due_at < h.day_start then h.day_number - 1
        when k.due_at < h.next_start then h.day_number
        else h.day_number + 1
    end as rolled_day,
    case
        when t.reference_own = 1 then k.due_day
        when k.reference_at is null then d.reference_day
        when k.reference_at < r.previous_start then r.day_number - 2
        when k.reference_at < r.day_start then r.day_number - 1
        when k.reference_at < r.next_start then r.day_number
        else r.day_number + 1
    end as reference_day,
    case
        when k.agree = 0 then 'rejected'
        when k.start_day > t.as_of then 'not_started'
        when d.start_day is null then 'rejected'
        when d.due_day is null and k.due_day is null then 'rejected'
        when d.due_day is null and t.rolls = 1 and k.due_day < 0 then 'rejected'
        when t.clock_hours > 0 and k.start_at is not null and k.end_at is not null then
            case
                when k.end_at < k.start_at then 'rejected'
                when k.ended is null then 'open'
                else 'counted'
            end
        when k.end_day < k.start_day then 'rejected'
        when t.clock_hours > 0 and k.due_at is null and t.excludes_untimed = 1 then 'without_time'
        when k.ended is null then 'open'
        else 'counted'
    end as fate,
    case when t.clock_hours > 0 and k.due_at is null then 1 else 0 end as by_day
from (
    select
        i.*,
        case when ended is null then as_of_end else end_at end as until_at,
        case
            when clock_hours > 0 and (ended is null or end_at is not null)
            then start_at + clock_hours * 3600
        end as due_at,
        case
            when reference_hours > 0 and (ended is null or end_at is not null)
            then start_at + reference_hours * 3600
        end as reference_at
    from (
        select
            g.*, (l.as_of + 1) * 86400 - l.as_of_offset - 1 as as_of_end, l.clock_hours, l.reference_hours, l.clock_days, l.reference_days,
            case when g.end_day <= l.as_of then g.end_day end as ended,
            case when g.end_day <= l.as_of then g.end_day else l.as_of end as until_day
        from frist_single g
        join frist_controls l on l.control = g.control
    ) as i
) as k
join frist_controls t on t.control = k.control
left join frist_due d on d.control = k.control and d.start_day = k.start_day
left join frist_days o on o.day_number = k.due_day
left join frist_days h on h.day_number = k.start_day + k.clock_days
left join frist_days r on r.day_number = k.start_day + k.reference_days;

-- Every case judged.
create or replace view frist_judged as
select
    control, case_rows, agree, unit, subunit, start_day, ended, last_due, overdue_from, fate,
    case when by_day = 1 then 65536 else method_bit end as method_bit,
    reading + case when late_by_reference = 1 then 4 else 0 end + case when ended is null then 8 else 0 end as cell
from (
    select
        q.*,
        case
            when after_strict = 0 then 0
            when after_roll = 0 and rolls = 1 then 2
            when within_extension = 1 then 1
            when after_roll = 0 then 2
            else 3
        end as reading,
        case
            when within_extension = 1 then 0
            when reference_at is not null then case when until_at > reference_at then 1 else 0 end
            when reference_day is not null then
                case when until_day > reference_day and (extension is null or until_day > extension) then 1 else 0 end
            when has_reference = 0 or after_strict = 0 then 0
            when after_roll = 0 and rolls = 1 then 0
            else 1
        end as late_by_reference,
        case
            when due_at is not null and extension is null then case when until_at > due_at then lawful_day end
            when until_day > last_due then last_due + 1
        end as overdue_from
    from (
        select
            p.*,
            case
                when due_at is not null then case when until_at > due_at then 1 else 0 end
                when until_day > strict_day then 1
                else 0
            end as after_strict,
            case
                when rolled_day > strict_day then case when until_day > rolled_day then 1 else 0 end
                when due_at is not null then case when until_at > due_at then 1 else 0 end
                when until_day > strict_day then 1
                else 0
            end as after_roll,
            case when extension is not null and until_day <= extension then 1 else 0 end as within_extension,
            coalesce(extension, lawful_day) as last_due
        from (
            select
                y.*,
                case
                    when honours = 1 and extended_day > lawful_day
                        and (decides = 0 or decided_day <= lawful_day and decided_day <= as_of)
                    then extended_day
                end as extension
            from (
                select
                    z.*, case when rolls = 1 then rolled_day else strict_day end as lawful_day
                from frist_last_days z
            ) as y
        ) as p
    ) as q
) as judged;

-- The tally, schema 1 of docs/tally.md.
create or replace view frist_tally as
select
    '1' as schema, b.control, b.unit as group_name, b.subunit as subgroup, b.part, b.month_text as month,
    coalesce(m.method, '') as method,
    ended_in_time, ended_in_time_late_by_reference, ended_within_extension, ended_within_extension_late_by_reference,
    ended_within_roll, ended_within_roll_late_by_reference, ended_late, ended_late_late_by_reference,
    open_in_time, open_in_time_late_by_reference, open_within_extension, open_within_extension_late_by_reference,
    open_within_roll, open_within_roll_late_by_reference, open_late, open_late_late_by_reference,
    became_overdue, ended_overdue
from (
    select
        control, unit, subunit, part, month_text, sum(method_bit) as method_bits,
        sum(c0) as ended_in_time, sum(c4) as ended_in_time_late_by_reference,
        sum(c1) as ended_within_extension, sum(c5) as ended_within_extension_late_by_reference,
        sum(c2) as ended_within_roll, sum(c6) as ended_within_roll_late_by_reference,
        sum(c3) as ended_late, sum(c7) as ended_late_late_by_reference,
        sum(c8) as open_in_time, sum(c12) as open_in_time_late_by_reference,
        sum(c9) as open_within_extension, sum(c13) as open_within_extension_late_by_reference,
        sum(c10) as open_within_roll, sum(c14) as open_within_roll_late_by_reference,
        sum(c11) as open_late, sum(c15) as open_late_late_by_reference,
        sum(became) as became_overdue, sum(ceased) as ended_overdue
    from (
        select
            n.control, n.unit, n.subunit, n.part, d.month_text, n.method_bit,
            sum(case when n.cell = 0 then n.cases else 0 end) as c0, sum(case when n.cell = 1 then n.cases else 0 end) as c1,
            sum(case when n.cell = 2 then n.cases else 0 end) as c2, sum(case when n.cell = 3 then n.cases else 0 end) as c3,
            sum(case when n.cell = 4 then n.cases else 0 end) as c4, sum(case when n.cell = 5 then n.cases else 0 end) as c5,
            sum(case when n.cell = 6 then n.cases else 0 end) as c6, sum(case when n.cell = 7 then n.cases else 0 end) as c7,
            sum(case when n.cell = 8 then n.cases else 0 end) as c8, sum(case when n.cell = 9 then n.cases else 0 end) as c9,
            sum(case when n.cell = 10 then n.cases else 0 end) as c10, sum(case when n.cell = 11 then n.cases else 0 end) as c11,
            sum(case when n.cell = 12 then n.cases else 0 end) as c12, sum(case when n.cell = 13 then n.cases else 0 end) as c13,
            sum(case when n.cell = 14 then n.cases else 0 end) as c14, sum(case when n.cell = 15 then n.cases else 0 end) as c15,
            sum(case when n.cell = 16 then n.cases else 0 end) as became, sum(case when n.cell = 17 then n.cases else 0 end) as ceased
        from (
            select
                control, unit, subunit, part, day_number,
                case when part = 'overdue' then 0 else method_bit end as method_bit,
                case when part = 'overdue' then part_cell else cell end as cell,
                count(*) as cases
            from (
                select
                    j.control, j.unit, j.subunit, a.part, a.part_cell, j.method_bit, j.cell,
                    case
                        when a.part = 'started' then j.start_day
                        when a.part = 'due' then j.last_due
                        when a.part = 'closed' then j.ended
                        when a.part_cell = 16 then j.overdue_from
                        when j.overdue_from is not null then j.ended
                    end as day_number
                from frist_judged j
                cross join (
                    select 'started' as part, 0 as part_cell
                    union all select 'due', 0
                    union all select 'closed', 0
                    union all select 'overdue', 16
                    union all select 'overdue', 17
                ) as a
                where j.fate = 'counted' or j.fate = 'open'
            ) as every_part
            where day_number is not null
            group by
                control, unit, subunit, part, day_number,
                case when part = 'overdue' then 0 else method_bit end,
                case when part = 'overdue' then part_cell else cell end
        ) as n
        join frist_calendar d on d.day_number = n.day_number
        group by n.control, n.unit, n.subunit, n.part, d.month_text, n.method_bit
    ) as by_method
    group by control, unit, subunit, part, month_text
) as b
left join frist_methods m on m.control = b.control and m.method_bits = b.method_bits;

-- What became of every row: rows = counted + open + excluded + rejected. Rows of no control have none.
create or replace view frist_ledger as
select
    control,
    sum(case when fate = 'counted' then case_rows else 0 end) as counted,
    sum(case when fate = 'open' then case_rows else 0 end) as open,
    sum(case when fate = 'not_started' then case_rows else 0 end) as not_started,
    sum(repeated_rows) as repeated,
    sum(case when fate = 'other_type' then case_rows else 0 end) as other_type,
    sum(case when fate = 'filtered' then case_rows else 0 end) as filtered,
    sum(case when fate = 'void' then case_rows else 0 end) as void,
    sum(case when fate = 'without_time' then case_rows else 0 end) as without_time,
    sum(case when fate = 'rejected' then case_rows else 0 end) as rejected
from (
    select control, fate, count(*) as case_rows, 0 as repeated_rows
    from frist_rows
    where fate <> 'read'
    group by control, fate
    union all
    select
        control, fate,
        sum(case when agree = 1 then 1 else case_rows end),
        sum(case when agree = 1 then case_rows - 1 else 0 end)
    from frist_judged
    group by control, fate
) as every_fate
group by control;
