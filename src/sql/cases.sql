-- The cases. Here those of the self-test; yours have the same columns, all of them texts and none of them null:
--   control            which deadline the row is of, by the names in controls.csv
--   case_number        in one form: rows with the same are one case; '' where every row is a case of its own
--   unit, subunit      in one form, '' where there is none
--   start_date, end_date, extended_to, extension_decided, due_date    2024-08-31, '-' for none, or what the source has:
--                      what is not in dates.csv is rejected and counted as such
--   end_date_2         counts where end_date holds no day
--   start_time, end_time, end_time_2    23:59 or 23:59:59, '-' for none; read where the control counts hours. It is Swedish
--                      time: one with a zone is rejected
--   status             a word of status.csv, or ''
--   kept               'no' leaves a row out that is no case of the control
create or replace view frist_cases as
select
    coalesce(control, '') as control, coalesce(case_number, '') as case_number,
    coalesce(unit, '') as unit, coalesce(subunit, '') as subunit,
    case when start_date <> '' then start_date else '-' end as start_date, case when start_time <> '' then start_time else '-' end as start_time,
    case when end_date <> '' then end_date else '-' end as end_date, case when end_time <> '' then end_time else '-' end as end_time,
    case when end_date_2 <> '' then end_date_2 else '-' end as end_date_2, case when end_time_2 <> '' then end_time_2 else '-' end as end_time_2,
    case when extended_to <> '' then extended_to else '-' end as extended_to, case when extension_decided <> '' then extension_decided else '-' end as extension_decided,
    case when due_date <> '' then due_date else '-' end as due_date, coalesce(status, '') as status, coalesce(kept, '') as kept
from frist_selftest;
