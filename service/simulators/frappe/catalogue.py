"""The doctypes the simulated site has: those of spec E.8 with the fields of D.1, D.2, D.6-D.9 and D.12.

Field order follows the real tables where it was observed (`fields=["*"]` of a check-in).
"""

from __future__ import annotations

from service.simulators.frappe.doctypes import Doctype, by_name, fields_of

_CHECKIN = Doctype(
    "Employee Checkin", "EMP-CKIN-.MM.-.YYYY.-.######", person="employee", indexes=("employee", "shift"),
    default_sort="modified asc",
    fields=fields_of("""
employee Link options=Employee required
employee_name Data
log_type Select options=/IN/OUT
shift Link options=Shift_Type
time Datetime
device_id Data
skip_auto_attendance Check
attendance Link options=Attendance
latitude Float
longitude Float
geolocation Text
shift_start Datetime
shift_end Datetime
offshift Check since=15
shift_actual_start Datetime
shift_actual_end Datetime
overtime_type Link options=Overtime_Type since=16
"""),
)  # fmt: skip

_EMPLOYEE = Doctype(
    "Employee", "HR-EMP-.#####", person="name", indexes=("status", "branch"),
    fields=fields_of("""
employee Data
employee_name Data required
status Select options=Active/Inactive/Suspended/Left default=Active
gender Data
date_of_birth Date
date_of_joining Date required
relieving_date Date
company Link options=Company
department Link options=Department
branch Link options=Branch
designation Link options=Designation
grade Data
employment_type Data
reports_to Link options=Employee
holiday_list Link options=Holiday_List
default_shift Link options=Shift_Type
attendance_device_id Data
user_id Data
"""),
)  # fmt: skip

_SHIFT_TYPE = Doctype(
    "Shift Type", "prompt",
    fields=fields_of("""
start_time Time required
end_time Time required
holiday_list Link options=Holiday_List
color Data default=Blue
enable_auto_attendance Check
determine_check_in_and_check_out Data
working_hours_calculation_based_on Data
begin_check_in_before_shift_start_time Int default=60
allow_check_out_after_shift_end_time Int default=60
mark_auto_attendance_on_holidays Check
working_hours_threshold_for_half_day Float
working_hours_threshold_for_absent Float
process_attendance_after Date
last_sync_of_checkin Datetime
auto_update_last_sync Check since=15
enable_late_entry_marking Check
late_entry_grace_period Int
enable_early_exit_marking Check
early_exit_grace_period Int
allow_overtime Check since=16
overtime_type Link options=Overtime_Type since=16
"""),
)  # fmt: skip

_SHIFT_ASSIGNMENT = Doctype(
    "Shift Assignment", "HR-SHA-.YY.-.MM.-.#####", person="employee", submittable=True, indexes=("employee",),
    fields=fields_of("""
employee Link options=Employee required
employee_name Data
shift_type Link options=Shift_Type required
start_date Date required
end_date Date
status Select options=Active/Inactive default=Active
shift_location Link options=Shift_Location since=15
company Link options=Company
department Link options=Department
amended_from Link options=Shift_Assignment
"""),
)  # fmt: skip

_ATTENDANCE = Doctype(
    "Attendance", "HR-ATT-.YYYY.-.#####", person="employee", submittable=True, indexes=("employee",
    "attendance_date"),
    fields=fields_of("""
employee Link options=Employee required
employee_name Data
working_hours Float
status Select options=Present/Absent/On_Leave/Half_Day/Work_From_Home default=Present
leave_type Link options=Leave_Type
leave_application Link options=Leave_Application
attendance_date Date required
company Link options=Company
department Link options=Department
attendance_request Link options=Attendance_Request
half_day_status Data since=15
modify_half_day_status Check since=15
shift Link options=Shift_Type
in_time Datetime
out_time Datetime
late_entry Check
early_exit Check
overtime_type Link options=Overtime_Type since=16
standard_working_hours Float since=16
actual_overtime_duration Float since=16
amended_from Link options=Attendance
"""),
)  # fmt: skip

_ATTENDANCE_REQUEST = Doctype(
    "Attendance Request", "HR-ARQ-.YY.-.MM.-.#####", person="employee", submittable=True,
    fields=fields_of("""
employee Link options=Employee required
employee_name Data
department Link options=Department
company Link options=Company
from_date Date required
to_date Date required
half_day Check
half_day_date Date
include_holidays Check
shift Link options=Shift_Type
reason Select options=Work_From_Home/On_Duty
explanation Text
amended_from Link options=Attendance_Request
"""),
)  # fmt: skip

_LEAVE_APPLICATION = Doctype(
    "Leave Application", "HR-LAP-.YYYY.-.#####", person="employee", submittable=True, indexes=("employee",),
    fields=fields_of("""
employee Link options=Employee required
employee_name Data
leave_type Link options=Leave_Type required
company Link options=Company
department Link options=Department
from_date Date required
to_date Date required
half_day Check
half_day_date Date
total_leave_days Float
description Text
leave_balance Float
leave_approver Data
posting_date Date
status Select options=Open/Approved/Rejected/Cancelled default=Open
amended_from Link options=Leave_Application
"""),
)  # fmt: skip

_LEAVE_TYPE = Doctype(
    "Leave Type", "field:leave_type_name",
    fields=fields_of("""
leave_type_name Data
max_continuous_days_allowed Int
is_lwp Check
is_ppl Check
fraction_of_daily_salary_per_leave Float
is_optional_leave Check
is_compensatory Check
is_earned_leave Check
allow_negative Check
include_holiday Check
"""),
)  # fmt: skip

_HOLIDAY_LIST = Doctype(
    "Holiday List", "field:holiday_list_name", tables={"holidays": "Holiday"},
    fields=fields_of("""
holiday_list_name Data
from_date Date required
to_date Date required
total_holidays Int
weekly_off Data
country Data since=15
color Data
holidays Table options=Holiday
"""),
)  # fmt: skip

_HOLIDAY = Doctype(
    "Holiday", "hash", child=True, indexes=("parent",),
    fields=fields_of("""
holiday_date Date required
weekly_off Check
description Text
is_half_day Check since=16
"""),
)  # fmt: skip

_HOLIDAY_LIST_ASSIGNMENT = Doctype(
    "Holiday List Assignment", "HR-HLA-.YYYY.-.#####", since=16, submittable=True,
    fields=fields_of("""
applicable_for Select options=Employee/Company
assigned_to Data required
holiday_list Link options=Holiday_List required
from_date Date required
to_date Date
"""),
)  # fmt: skip

_DELETED_DOCUMENT = Doctype(
    "Deleted Document", "hash", indexes=("creation",),
    fields=fields_of("""
deleted_name Data
deleted_doctype Data
restored Check
new_name Data
data Text
"""),
)  # fmt: skip

_SHIFT_LOCATION = Doctype(
    "Shift Location", "field:location_name", since=15,
    fields=fields_of("""
location_name Data required
checkin_radius Int
latitude Float
longitude Float
"""),
)  # fmt: skip

_COMPANY = Doctype(
    "Company", "field:company_name",
    fields=fields_of("""
company_name Data
abbr Data
country Data
default_currency Data
default_holiday_list Link options=Holiday_List
parent_company Link options=Company
"""),
)  # fmt: skip

_DEPARTMENT = Doctype(
    "Department", "prompt",
    fields=fields_of("""
department_name Data
company Link options=Company
parent_department Link options=Department
is_group Check
disabled Check
"""),
)  # fmt: skip

_BRANCH = Doctype("Branch", "field:branch", fields=fields_of("branch Data"))
_DESIGNATION = Doctype("Designation", "field:designation_name", fields=fields_of("designation_name Data"))
_SALARY_SLIP = Doctype(
    "Salary Slip", "hash", person="employee", submittable=True,
    fields=fields_of("employee Link options=Employee\nstart_date Date\nend_date Date"),
)  # fmt: skip

DOCTYPES = by_name(
    (
        _CHECKIN, _EMPLOYEE, _SHIFT_TYPE, _SHIFT_ASSIGNMENT, _ATTENDANCE, _ATTENDANCE_REQUEST,
        _LEAVE_APPLICATION,
        _LEAVE_TYPE, _HOLIDAY_LIST, _HOLIDAY, _HOLIDAY_LIST_ASSIGNMENT, _DELETED_DOCUMENT, _SHIFT_LOCATION,
        _COMPANY,
        _DEPARTMENT, _BRANCH, _DESIGNATION, _SALARY_SLIP,
    )
)  # fmt: skip
