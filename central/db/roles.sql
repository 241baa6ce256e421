-- The three roles of the centre; run by an administrator of the server (superuser or CREATEROLE), again and again.
-- fengsui_owner owns every table and cannot log in; web and worker log in and own nothing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fengsui_owner') THEN
        CREATE ROLE fengsui_owner NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fengsui_web') THEN
        CREATE ROLE fengsui_web LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fengsui_worker') THEN
        CREATE ROLE fengsui_worker LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT fengsui_owner TO %I WITH SET TRUE, INHERIT FALSE', current_user);
    END IF;
END $$;

-- A plan cached under one person's scope can be thousands of times slower under another's: plan each time.
ALTER ROLE fengsui_web SET plan_cache_mode = force_custom_plan;
ALTER ROLE fengsui_worker SET plan_cache_mode = force_custom_plan;
-- A page of a list waits for no other core: with several people at once there is none, and whoever starts a parallel
-- plan holds up the ingest of alarms besides.
ALTER ROLE fengsui_web SET max_parallel_workers_per_gather = 0;
-- A request that takes longer than this has lost its reader; a transaction left open holds locks against alarms.
ALTER ROLE fengsui_web SET statement_timeout = '15s';
ALTER ROLE fengsui_web SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE fengsui_worker SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE fengsui_web SET search_path = public, pg_temp;
ALTER ROLE fengsui_worker SET search_path = public, pg_temp;
ALTER ROLE fengsui_web SET timezone = 'UTC';
ALTER ROLE fengsui_worker SET timezone = 'UTC';
