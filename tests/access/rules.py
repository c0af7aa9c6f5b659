"""Who may ask each operation of the house (Q59): every one has its rule here, or a test fails.

Operations by their id, those that are no part of the API (pages) by method and path.
"""

from typing import Final

OPEN: Final = "open"
"""No credential; what needs proof brings it: a password, the token of a mail, a signature."""
ANYBODY: Final = "anybody"
"""Any caller; what is shown is about themselves, or limited to what they may see."""

_RULES: Final = {
    OPEN: """
        GET:/docs GET:/docs/oauth2-redirect GET:/redoc
        GET:/sign-in POST:/sign-in GET:/sign-out POST:/sign-out
        GET:/sign-in/verify POST:/sign-in/verify GET:/sign-in/password POST:/sign-in/password
        GET:/sign-in/invitation POST:/sign-in/invitation
        health_live health_status health_ready
        access_token access_refresh access_logout access_register access_verify_email
        access_forgot_password access_reset_password access_accept_invitation
        attendance_upstream_hook children_shared_report
    """,
    ANYBODY: """
        GET:/ access_me access_change_me access_erase_me access_logout_all access_change_password
        access_professional_profile access_put_professional_profile
        runs_list runs_get runs_events runs_file runs_start runs_cancel gaps_list
        statements_list statements_get statements_verify statements_changes statements_file
        statements_withdraw attendance_export children_export crew_export mill_export
        children_dashboard
    """,
    "admin": """
        cache_clear monitoring_logs monitoring_set_log_level monitoring_history
        alerts_list alerts_create alerts_get alerts_update alerts_delete alerts_silence alerts_events
        alerts_test alerts_figures monitoring_statements monitoring_explain_statement monitoring_flags
        monitoring_set_flag monitoring_reset_flag monitoring_performance_report
        monitoring_performance_report_v2 monitoring_keep_baseline monitoring_baselines monitoring_baseline
        monitoring_delete_baseline monitoring_memory monitoring_tracemalloc monitoring_profile
        monitoring_slow_requests GET:/dashboard GET:/dashboard/events
    """,
    "health:detail": """
        health_metrics health_cache health_tasks health_database health_performance health_upstreams
    """,
    "apikeys:manage": """
        access_keys access_create_key access_key access_revoke_key access_create_ingest_token
    """,
    "users:admin": """
        access_people access_invite access_person access_change_person access_give_role access_take_role
        access_verify_licence access_unverify_licence children_break_glass
    """,
    "audit:read": "access_audit",
    "assignments:manage": """
        access_professionals
        children_own_assignments children_assignments children_invite children_change_assignment
    """,
    "attendance:read": """
        attendance_reports attendance_monthly_sheet attendance_monthly_sheet_explain attendance_summary
        attendance_summary_explain attendance_dashboard attendance_dashboard_explain attendance_headcount
        attendance_headcount_explain attendance_detail attendance_detail_explain
        attendance_shift_attendance attendance_shift_attendance_explain attendance_late_early
        attendance_late_early_explain attendance_absences attendance_absences_explain attendance_overtime
        attendance_overtime_explain attendance_holiday_work attendance_holiday_work_explain
        attendance_leave_usage attendance_leave_usage_explain attendance_compare attendance_compare_explain
        attendance_exceptions attendance_upstream_corrections attendance_reconciliation attendance_what_if
        attendance_what_if_explain attendance_subscriptions attendance_subscription attendance_deliveries
        attendance_checkins attendance_days attendance_upstream_attendance attendance_explain_day
        attendance_people attendance_person attendance_sites attendance_devices attendance_shift_types
        attendance_holiday_lists attendance_leaves attendance_corrections attendance_schedules
        attendance_rule_sets attendance_sync_status
    """,
    "attendance:write": """
        attendance_seal attendance_subscribe attendance_unsubscribe attendance_resume_subscription
        attendance_correct attendance_revoke_correction attendance_add_schedule attendance_end_schedule
        attendance_map_device attendance_recompute attendance_import_file attendance_import_findings
    """,
    "attendance:admin": "attendance_add_rule_set attendance_activate_rule_set",
    "crew:read": """
        crew_reports crew_turnout crew_turnout_explain crew_hours crew_hours_explain crew_forecast crew_forecast_explain
        crew_gaps crew_gaps_explain crew_coverage crew_coverage_explain
        crew_off_the_run crew_off_the_run_explain crew_recovery crew_recovery_explain
        crew_gap_cover crew_gap_cover_explain crew_fairness crew_fairness_explain
        crew_availability crew_availability_explain crew_monthly_return crew_monthly_return_explain
        crew_subscriptions crew_subscription crew_deliveries
        crew_stations crew_station crew_station_live GET:/v1/crew/board
        crew_appliances crew_appliance_status crew_appliance_forecast crew_appliance_gaps
        crew_appliance_what_if crew_coverage_matrix crew_appliance_rules
        crew_changes crew_upcoming crew_stream
        crew_people crew_person crew_person_availability crew_person_segments crew_person_blocks
        crew_lookup crew_availability_batch crew_station_hours crew_person_hours
        crew_export_segments crew_skills GET:/v1/crew/{crew_id} GET:/v1/crew/{crew_id}/{part}
        GET:/crew GET:/crew/{crew_id}/available GET:/crew/{crew_id}/duration
        GET:/crew/{crew_id}/hours-this-week GET:/crew/{crew_id}/hours-planned-week
        GET:/crew/{crew_id}/contract-hours GET:/crew/{crew_id}/hours-achieved
        GET:/crew/{crew_id}/hours-remaining GET:/appliances/{name}/available
        GET:/appliances/{name}/duration GET:/station/now GET:/fetch_status
        GET:/v1/legacy/crew GET:/v1/legacy/crew/{crew_id}/available GET:/v1/legacy/crew/{crew_id}/duration
        GET:/v1/legacy/crew/{crew_id}/hours-this-week GET:/v1/legacy/crew/{crew_id}/hours-planned-week
        GET:/v1/legacy/crew/{crew_id}/contract-hours GET:/v1/legacy/crew/{crew_id}/hours-achieved
        GET:/v1/legacy/crew/{crew_id}/hours-remaining GET:/v1/legacy/appliances/{name}/available
        GET:/v1/legacy/appliances/{name}/duration GET:/v1/legacy/station/now GET:/v1/legacy/fetch_status
    """,
    "crew:write": """
        crew_seal crew_subscribe crew_unsubscribe crew_resume_subscription
        crew_import_file crew_import_findings crew_sync crew_unlock
        POST:/retrieve_more POST:/v1/legacy/retrieve_more
    """,
    "crew:admin": """
        crew_replace_appliance_rules crew_contact crew_put_contact crew_delete_contact
        crew_put_skill_alias crew_delete_skill_alias
    """,
    "mill:read": """
        mill_reports
        mill_imports mill_import mill_import_errors mill_export_table mill_shortages
        mill_shortages_explain mill_planning_balance mill_planning_balance_explain mill_stock_value
        mill_stock_value_explain mill_forecast_shortages mill_forecast_shortages_explain
        mill_safety_stock mill_safety_stock_explain
        mill_yarn_weeks mill_yarn_weeks_explain mill_requirements mill_requirements_explain
        mill_procurement mill_procurement_explain mill_order_list mill_open_orders
        mill_open_orders_explain mill_receipts mill_receipts_explain mill_bom_checks
        mill_bom_checks_explain mill_data_quality mill_data_quality_explain
        mill_plans mill_plan mill_plan_weeks mill_plan_actions mill_plan_requirements mill_plan_pegs
        mill_plan_allocations mill_plan_orders mill_plan_yarns
        mill_allocations mill_preview_allocations mill_orders mill_order mill_order_feasibility
        mill_explain_order mill_subscriptions mill_subscription mill_deliveries mill_schedule
        mill_schedule_operations mill_schedule_load mill_schedule_gantt mill_explain_schedule
        mill_compare_plans mill_what_if mill_explain_plan mill_plan_order_list mill_parameters mill_parameters_described
        mill_yarns mill_yarn mill_yarn_balance mill_yarn_timeline mill_suppliers mill_receipt_list
        GET:/v1/mill/board mill_styles mill_style mill_style_bom mill_where_used mill_explode
        mill_convert_fabric mill_fabric_yarn_requirements mill_netting mill_style_cost
        mill_style_costs mill_order_cost mill_variances mill_cost_run mill_substitutes
        GET:/v1/mill/shortages GET:/v1/mill/planning-balance/summary
        GET:/v1/mill/procurement/recommendations GET:/v1/mill/plan-runs/{plan}/buckets
        GET:/v1/mill/plan-runs/{plan}/events GET:/v1/mill/imports/{job_id}/errors.csv
        GET:/v1/mill/imports/{job_id}/errors.xlsx GET:/v1/mill/export/{table}.csv
        GET:/v1/mill/export/{table}.xlsx
        GET:/api/yarn-intelligence GET:/api/inventory-intelligence-enhanced
        GET:/api/yarn-shortage-analysis GET:/api/yarn-shortage-timeline
        GET:/api/time-phased-planning GET:/api/po-delivery-schedule GET:/api/purchase-orders
        GET:/api/bom-explosion-net-requirements POST:/api/textile-bom POST:/api/fabric/convert
        POST:/api/fabric/yarn-requirements GET:/api/inventory-netting GET:/api/multi-stage-inventory
        GET:/api/six-phase-planning POST:/api/execute-planning GET:/api/production-planning
        GET:/api/production-suggestions GET:/api/production-schedule GET:/api/production-capacity
        GET:/api/work-center-capacity GET:/api/machine-utilization
        GET:/api/machine-assignment-suggestions GET:/api/factory-floor GET:/api/po-risk-analysis
        GET:/api/safety-stock GET:/api/yarn-substitution-intelligent GET:/api/yarn-aggregation
        GET:/api/yarn-forecast-shortages GET:/api/knit-orders POST:/api/knit-orders/generate
        GET:/api/procurement-recommendations GET:/api/cache-stats GET:/api/reload-data
        GET:/api/v2/inventory GET:/api/v2/production GET:/api/v2/forecast GET:/api/v2/analytics
        GET:/api/v2/yarn GET:/api/v2/netting mill_machines mill_machine mill_machine_suggestions
        mill_capacity_centers mill_capacity_machines mill_calendars mill_calendar
    """,
    "mill:write": """
        mill_seal mill_subscribe mill_unsubscribe mill_resume_subscription
        mill_import_file mill_start_plan mill_publish_plan mill_decide_action
        mill_commit_allocations mill_release_allocation mill_change_order mill_start_schedule
        mill_publish_schedule mill_change_yarn mill_change_machine
    """,
    "mill:admin": """
        mill_put_parameters mill_put_substitute mill_delete_substitute
        mill_put_calendar mill_delete_calendar
    """,
    "children:read": """
        children_subscriptions children_subscription children_deliveries GET:/v1/children/home
        children_guardians children_search children_templates
        children_reports children_points children_achievements children_access_log children_list
        children_get children_profile_completion
    """,
    "children:write": """
        children_add children_change children_archive children_restore
        children_seal children_subscribe children_unsubscribe children_resume_subscription
        children_add_guardian
        children_hand_over children_remove_guardian children_replace_sensory_profile
        children_change_sensory_domain
    """,
    "sessions:read": "children_session children_sessions children_activity children_activities",
    "sessions:write": """
        children_send_sessions children_update_session children_complete_session children_abandon_session
        children_interrupt_session children_rate_session children_void_session children_start_session
        children_update_activity children_verify_activity children_void_activity children_add_activity
    """,
    "points:write": "children_award_points",
    "notes:read": "children_notes",
    "notes:write": "children_add_note children_change_note children_remove_note",
    "assessments:read": "children_assessments children_assessment",
    "assessments:write": "children_add_assessment",
    "reports:read": """
        children_written_reports children_written_report children_report_changes children_export_report
        children_shares children_share_report children_unshare_report
    """,
    "reports:write": """
        children_draft_report children_change_report children_remove_report children_move_report
        children_correct_report
    """,
    "analytics:read": """
        children_progress children_progress_page children_progress_explain
        children_session_figures children_session_figures_explain
        children_my_caseload
        children_caseload children_caseload_explain children_compare children_statistics
        children_summary children_trends children_timeseries children_series children_emotions
        children_activity_figures children_by_type children_streaks children_comparison children_analytics
        children_summary_explain children_trends_explain children_timeseries_explain
        children_series_explain children_emotions_explain children_activities_explain
        children_by_type_explain children_streaks_explain children_comparison_explain
    """,
    "consent:manage": """
        children_consents children_grant_consent children_withdraw_consent children_restrict
        children_lift_restriction
    """,
    "population:read": "children_population",
    "export:create": "children_ask_for_export children_export_state children_download_export",
    "erase:request": """
        children_ask_for_erasure children_erasure_state children_approve_erasure children_cancel_erasure
    """,
}
ONE_OF: Final = {"children_dashboard": frozenset({"analytics:read", "population:read"})}
"""What answers everybody who has one of some scopes, each with what is theirs."""
RULES: Final = {name: rule for rule, names in _RULES.items() for name in names.split()}
"""Operation to `OPEN`, `ANYBODY` or the scope it needs; a scope that it implies may be asked for as well."""
