-- Where the engine's answer for the cases of the self-test is not the expected one. It must be empty. A case is named by its
-- group: what it tests, or the days that it started and ended.
create or replace view frist_differences as
select *
from (
    select
        control, group_name, part, month, method,
        sum(ended_in_time) as ended_in_time,
        sum(ended_in_time_late_by_reference) as ended_in_time_late_by_reference,
        sum(ended_within_extension) as ended_within_extension,
        sum(ended_within_extension_late_by_reference) as ended_within_extension_late_by_reference,
        sum(ended_within_roll) as ended_within_roll,
        sum(ended_within_roll_late_by_reference) as ended_within_roll_late_by_reference,
        sum(ended_late) as ended_late, sum(ended_late_late_by_reference) as ended_late_late_by_reference,
        sum(open_in_time) as open_in_time, sum(open_in_time_late_by_reference) as open_in_time_late_by_reference,
        sum(open_within_extension) as open_within_extension,
        sum(open_within_extension_late_by_reference) as open_within_extension_late_by_reference,
        sum(open_within_roll) as open_within_roll,
        sum(open_within_roll_late_by_reference) as open_within_roll_late_by_reference,
        sum(open_late) as open_late, sum(open_late_late_by_reference) as open_late_late_by_reference,
        sum(became_overdue) as became_overdue, sum(ended_overdue) as ended_overdue
    from (
        select
            control, group_name, part, month, method,
            ended_in_time, ended_in_time_late_by_reference, ended_within_extension,
            ended_within_extension_late_by_reference, ended_within_roll, ended_within_roll_late_by_reference,
            ended_late, ended_late_late_by_reference, open_in_time, open_in_time_late_by_reference,
            open_within_extension, open_within_extension_late_by_reference, open_within_roll,
            open_within_roll_late_by_reference, open_late, open_late_late_by_reference,
            became_overdue, ended_overdue
        from frist_tally
        union all
        select
            control, group_name, part, month, coalesce(method, ''),
            0 - coalesce(ended_in_time, 0), 0 - coalesce(ended_in_time_late_by_reference, 0),
            0 - coalesce(ended_within_extension, 0), 0 - coalesce(ended_within_extension_late_by_reference, 0),
            0 - coalesce(ended_within_roll, 0), 0 - coalesce(ended_within_roll_late_by_reference, 0),
            0 - coalesce(ended_late, 0), 0 - coalesce(ended_late_late_by_reference, 0),
            0 - coalesce(open_in_time, 0), 0 - coalesce(open_in_time_late_by_reference, 0),
            0 - coalesce(open_within_extension, 0), 0 - coalesce(open_within_extension_late_by_reference, 0),
            0 - coalesce(open_within_roll, 0), 0 - coalesce(open_within_roll_late_by_reference, 0),
            0 - coalesce(open_late, 0), 0 - coalesce(open_late_late_by_reference, 0),
            0 - coalesce(became_overdue, 0), 0 - coalesce(ended_overdue, 0)
        from frist_expected
        union all
        select
            '', 'no case was loaded', '', '', '', case when count(*) = 0 then 1 else 0 end,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        from frist_expected
    ) as both_sides
    group by control, group_name, part, month, method
) as summed
where ended_in_time <> 0 or ended_in_time_late_by_reference <> 0
    or ended_within_extension <> 0 or ended_within_extension_late_by_reference <> 0
    or ended_within_roll <> 0 or ended_within_roll_late_by_reference <> 0
    or ended_late <> 0 or ended_late_late_by_reference <> 0
    or open_in_time <> 0 or open_in_time_late_by_reference <> 0
    or open_within_extension <> 0 or open_within_extension_late_by_reference <> 0
    or open_within_roll <> 0 or open_within_roll_late_by_reference <> 0
    or open_late <> 0 or open_late_late_by_reference <> 0
    or became_overdue <> 0 or ended_overdue <> 0;
