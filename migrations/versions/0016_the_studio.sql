-- Functions come before the tables that they speak of.
SET LOCAL check_function_bodies = false;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.plain_words(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE TABLE public.asset_instance (
    id uuid NOT NULL,
    name text,
    instance_number integer,
    description text,
    active boolean NOT NULL,
    asset_id uuid NOT NULL,
    scene_id uuid,
    target_asset_id uuid,
    entity_id uuid,
    entity_type_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.asset_instance_link (
    id uuid NOT NULL,
    asset_instance_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.asset_type_step (
    id uuid NOT NULL,
    asset_type_id uuid NOT NULL,
    task_type_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.assignation (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    person_id uuid NOT NULL,
    is_primary boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.attachment_file (
    id uuid NOT NULL,
    name text,
    extension text,
    mimetype text,
    size bigint,
    checksum text,
    file_key text,
    comment_id uuid,
    reply_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.budget (
    id uuid NOT NULL,
    name text NOT NULL,
    revision integer,
    currency text,
    description text,
    start_date date,
    end_date date,
    amount double precision,
    project_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.budget_entry (
    id uuid NOT NULL,
    name text,
    description text,
    category text,
    date date,
    amount double precision,
    quantity double precision,
    unit_price double precision,
    start_date date,
    months_duration integer,
    daily_salary double precision,
    "position" text,
    seniority text,
    exceptions jsonb,
    budget_id uuid NOT NULL,
    department_id uuid,
    person_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.build_job (
    id uuid NOT NULL,
    status text NOT NULL,
    job_type text NOT NULL,
    ended_at timestamp with time zone,
    message text,
    playlist_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.calendar_event (
    id uuid NOT NULL,
    name text,
    start timestamp with time zone,
    end_at timestamp with time zone,
    effort double precision,
    estimate double precision,
    everyone boolean NOT NULL,
    forecast boolean NOT NULL,
    leave boolean NOT NULL,
    type_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.calendar_event_resource (
    id uuid NOT NULL,
    calendar_event_id uuid NOT NULL,
    person_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.change_set (
    id uuid NOT NULL,
    base bigint NOT NULL,
    last bigint NOT NULL,
    actor_id uuid,
    sudo_actor_id uuid,
    client text,
    session_uuid text,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.chat (
    id uuid NOT NULL,
    object_id uuid NOT NULL,
    project_id uuid,
    last_message timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.chat_message (
    id uuid NOT NULL,
    chat_id uuid NOT NULL,
    person_id uuid,
    text text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.chat_participant (
    id uuid NOT NULL,
    chat_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.client_job (
    id uuid NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    details text,
    finished_at timestamp with time zone,
    person_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.client_job_component (
    id uuid NOT NULL,
    job_id uuid NOT NULL,
    component_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.component (
    id uuid NOT NULL,
    name text,
    label text,
    description text,
    revision integer,
    file_type text,
    size bigint,
    frame_start integer,
    frame_end integer,
    padding integer,
    is_published boolean NOT NULL,
    object_id uuid,
    task_id uuid,
    status_id uuid,
    output_type_id uuid,
    version_id uuid,
    container_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    system_type text DEFAULT 'file'::text NOT NULL
);

CREATE TABLE public.component_location (
    id uuid NOT NULL,
    path text,
    component_id uuid NOT NULL,
    location_id uuid,
    stored_file_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.credential (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    expires_at timestamp with time zone,
    last_address text
);

CREATE TABLE public.custom_action (
    id uuid NOT NULL,
    name text NOT NULL,
    url text,
    entity_type text,
    is_ajax boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.custom_field_group (
    id uuid NOT NULL,
    name text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.data_import_error (
    id uuid NOT NULL,
    event_data jsonb NOT NULL,
    source text NOT NULL,
    about text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.day_off (
    id uuid NOT NULL,
    date date NOT NULL,
    end_date date,
    description text,
    person_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    CONSTRAINT ck_day_off_day_off_date CHECK ((end_date >= date))
);

CREATE TABLE public.declared_record (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.department (
    id uuid NOT NULL,
    name text NOT NULL,
    color text,
    archived boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.dependency (
    id uuid NOT NULL,
    from_id uuid NOT NULL,
    to_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.desktop_login_log (
    id uuid NOT NULL,
    person_id uuid,
    date timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.disk (
    id uuid NOT NULL,
    name text,
    unix text,
    windows text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.entity (
    id uuid NOT NULL,
    name text,
    code text,
    title text,
    description text,
    kind text NOT NULL,
    shotgun_id integer,
    canceled boolean NOT NULL,
    nb_frames integer,
    nb_entities_out integer,
    is_casting_standby boolean NOT NULL,
    is_shared boolean NOT NULL,
    production_state text,
    sort_order double precision,
    thumbnail_loc text,
    start_date timestamp with time zone,
    end_date timestamp with time zone,
    project_id uuid NOT NULL,
    entity_type_id uuid,
    parent_id uuid,
    sequence_id uuid,
    episode_id uuid,
    source_id uuid,
    status_id uuid,
    priority_id uuid,
    supervisor_id uuid,
    preview_file_id uuid,
    ready_for uuid,
    path uuid[],
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    bid double precision DEFAULT '0'::double precision,
    thumbnail_id uuid
);

CREATE TABLE public.entity_concept_link (
    id uuid NOT NULL,
    entity_in_id uuid NOT NULL,
    entity_out_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.entity_link (
    id uuid NOT NULL,
    entity_in_id uuid NOT NULL,
    entity_out_id uuid NOT NULL,
    nb_occurences integer,
    label text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.entity_type (
    id uuid NOT NULL,
    name text NOT NULL,
    short_name text,
    description text,
    archived boolean NOT NULL,
    color text,
    kind text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.event (
    change_set_id uuid NOT NULL,
    ordinal integer NOT NULL,
    uid uuid,
    action text NOT NULL,
    kind text NOT NULL,
    object_id uuid NOT NULL,
    object_name text,
    project_id uuid,
    attribute text,
    old jsonb,
    new jsonb,
    made jsonb
);

CREATE TABLE public.event_counter (
    id integer NOT NULL,
    next bigint NOT NULL
);

CREATE VIEW public.event_head AS
 SELECT e.uid AS id,
    c.base,
    c.last,
    e.ordinal,
    e.action,
    e.kind,
    e.object_id,
    e.object_name,
    e.project_id,
    e.attribute,
    e.old,
    e.new,
    c.actor_id,
    c.sudo_actor_id,
    c.client,
    c.session_uuid,
    c.created_at,
    c.created_at AS updated_at
   FROM (public.event e
     JOIN public.change_set c ON ((c.id = e.change_set_id)))
  WHERE (e.uid IS NOT NULL);

CREATE VIEW public.event_log AS
 SELECT part.uid AS id,
    c.base,
    c.last,
    (e.ordinal + part.step) AS ordinal,
    e.action,
    e.kind,
    e.object_id,
    e.object_name,
    e.project_id,
    part.attribute,
    part.old,
    part.new,
    c.actor_id,
    c.sudo_actor_id,
    c.client,
    c.session_uuid,
    c.created_at,
    c.created_at AS updated_at
   FROM ((public.event e
     JOIN public.change_set c ON ((c.id = e.change_set_id)))
     CROSS JOIN LATERAL ( SELECT e.uid,
            0 AS step,
            e.attribute,
            e.old,
            e.new
        UNION ALL
         SELECT NULL::uuid AS uuid,
            (given."position")::integer AS "position",
            (given.pair ->> 0),
            NULL::jsonb AS jsonb,
            NULLIF((given.pair -> 1), 'null'::jsonb) AS "nullif"
           FROM jsonb_array_elements(e.made) WITH ORDINALITY given(pair, "position")) part);

CREATE TABLE public.field_descriptor (
    id uuid NOT NULL,
    project_id uuid,
    entity_type text NOT NULL,
    task_type_id uuid,
    name text NOT NULL,
    field_name text,
    data_type text,
    choices jsonb,
    for_client boolean,
    "position" integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    default_value jsonb,
    config text,
    is_hierarchical boolean DEFAULT false NOT NULL,
    group_id uuid
);

CREATE TABLE public.field_descriptor_department (
    id uuid NOT NULL,
    field_descriptor_id uuid NOT NULL,
    department_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.hardware_item (
    id uuid NOT NULL,
    name text NOT NULL,
    short_name text,
    archived boolean NOT NULL,
    monthly_cost integer,
    inventory_amount integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.hardware_item_department_link (
    id uuid NOT NULL,
    department_id uuid NOT NULL,
    hardware_item_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.hub_message (
    id bigint NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.hub_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.hub_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.idempotency_key (
    actor_id uuid NOT NULL,
    key text NOT NULL,
    request_digest text NOT NULL,
    status integer NOT NULL,
    body text NOT NULL,
    headers jsonb,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.import_run (
    id uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    rows jsonb,
    percent integer NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    created integer NOT NULL,
    updated integer NOT NULL,
    unchanged integer NOT NULL,
    errors integer NOT NULL,
    reason text,
    ended_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.list_category (
    id uuid NOT NULL,
    name text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.list_object (
    id uuid NOT NULL,
    list_id uuid NOT NULL,
    object_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.location (
    id uuid NOT NULL,
    name text NOT NULL,
    label text,
    description text,
    linux_path text,
    mac_path text,
    windows_path text,
    priority integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.login_failure (
    login text NOT NULL,
    address text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.login_log (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip_address text,
    origin text NOT NULL,
    succeeded boolean NOT NULL
);

CREATE TABLE public.login_session (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    parent_id uuid,
    kind text NOT NULL,
    digest text,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    replaced_at timestamp with time zone
);

CREATE TABLE public.manager (
    id uuid NOT NULL,
    object_id uuid,
    person_id uuid,
    type_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.manager_type (
    id uuid NOT NULL,
    name text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.membership (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text,
    title text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    shotgun_id integer
);

CREATE TABLE public.metadata_entry (
    id uuid NOT NULL,
    object_id uuid NOT NULL,
    key text NOT NULL,
    value text,
    parent_type text,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note (
    id uuid NOT NULL,
    text text,
    title text,
    object_id uuid,
    project_id uuid,
    parent_id uuid,
    person_id uuid,
    editor_id uuid,
    sets_status_id uuid,
    preview_file_id uuid,
    checklist jsonb,
    links jsonb,
    pinned boolean,
    for_client boolean,
    shotgun_id integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    status_id uuid,
    is_todo boolean DEFAULT false NOT NULL,
    completed_at timestamp with time zone,
    completed_by_id uuid
);

CREATE TABLE public.note_acknowledgement (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_component (
    id uuid NOT NULL,
    component_id uuid NOT NULL,
    note_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_department_mention (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    department_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_label (
    id uuid NOT NULL,
    name text,
    color text,
    sort integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_label_link (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    label_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_mention (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_person (
    id uuid NOT NULL,
    role text NOT NULL,
    note_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_preview (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    preview_file_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.note_recipient (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    person_id uuid NOT NULL,
    text_mentioned text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.notification (
    id uuid NOT NULL,
    read boolean NOT NULL,
    change boolean NOT NULL,
    notification_type text NOT NULL,
    person_id uuid NOT NULL,
    author_id uuid,
    comment_id uuid,
    reply_id uuid,
    task_id uuid,
    playlist_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE SEQUENCE public.object_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.object (
    id uuid NOT NULL,
    kind text NOT NULL,
    number bigint DEFAULT nextval('public.object_number'::regclass) NOT NULL,
    name text,
    project_id uuid,
    deleted_at timestamp with time zone,
    deletion_id uuid
);

CREATE TABLE public.object_link (
    id uuid NOT NULL,
    field text NOT NULL,
    "position" integer,
    from_id uuid NOT NULL,
    to_id uuid NOT NULL,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.object_list (
    id uuid NOT NULL,
    name text,
    system_type text NOT NULL,
    is_open boolean NOT NULL,
    date timestamp with time zone,
    category_id uuid,
    person_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.one_time_secret (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    digest text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    used_at timestamp with time zone
);

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    name text NOT NULL,
    hours_by_day double precision NOT NULL,
    has_avatar boolean NOT NULL,
    use_original_file_name boolean NOT NULL,
    timesheets_locked boolean NOT NULL,
    format_duration_in_hours boolean NOT NULL,
    hd_by_default boolean NOT NULL,
    dark_theme_by_default boolean NOT NULL,
    chat_token_slack text,
    chat_webhook_mattermost text,
    chat_token_discord text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.output_file (
    id uuid NOT NULL,
    name text,
    canceled boolean NOT NULL,
    size bigint,
    checksum text,
    description text,
    comment text,
    extension text,
    revision integer NOT NULL,
    representation text,
    nb_elements integer,
    source text,
    path text,
    file_status_id uuid,
    entity_id uuid,
    asset_instance_id uuid,
    output_type_id uuid,
    task_type_id uuid,
    person_id uuid,
    source_file_id uuid,
    temporal_entity_id uuid,
    shotgun_id integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.output_type (
    id uuid NOT NULL,
    name text NOT NULL,
    short_name text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.person (
    id uuid NOT NULL,
    first_name text,
    last_name text,
    email text,
    login text,
    phone text,
    country text,
    contract_type text,
    active boolean NOT NULL,
    archived boolean NOT NULL,
    last_presence date,
    shotgun_id integer,
    timezone text,
    locale text,
    use_12_hour_clock boolean NOT NULL,
    display_date_format text,
    role text NOT NULL,
    "position" text,
    seniority text,
    daily_salary integer,
    has_avatar boolean NOT NULL,
    notifications_enabled boolean NOT NULL,
    notifications_slack_enabled boolean NOT NULL,
    notifications_slack_userid text,
    notifications_mattermost_enabled boolean NOT NULL,
    notifications_mattermost_userid text,
    notifications_discord_enabled boolean NOT NULL,
    notifications_discord_userid text,
    is_bot boolean NOT NULL,
    is_guest boolean NOT NULL,
    expiration_date date,
    is_generated_from_ldap boolean NOT NULL,
    ldap_uid text,
    studio_id uuid,
    title text,
    city text,
    work_phone text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    thumbnail_id uuid
);

CREATE TABLE public.person_department (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    department_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.playlist (
    id uuid NOT NULL,
    name text NOT NULL,
    shots jsonb,
    project_id uuid NOT NULL,
    episode_id uuid,
    task_type_id uuid,
    for_client boolean,
    for_entity text,
    is_for_all boolean,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.playlist_share_link (
    id uuid NOT NULL,
    token text NOT NULL,
    playlist_id uuid NOT NULL,
    expiration_date timestamp with time zone,
    is_active boolean NOT NULL,
    can_comment boolean NOT NULL,
    password_digest text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.preview_background_file (
    id uuid NOT NULL,
    name text NOT NULL,
    archived boolean NOT NULL,
    is_default boolean NOT NULL,
    original_name text,
    extension text,
    file_size bigint,
    source_key text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.preview_file (
    id uuid NOT NULL,
    name text,
    original_name text,
    revision integer,
    "position" integer,
    extension text,
    description text,
    path text,
    source text,
    file_size bigint,
    status text NOT NULL,
    validation_status text NOT NULL,
    annotations jsonb,
    width integer,
    height integer,
    duration double precision,
    token_in integer,
    token_out integer,
    task_id uuid,
    person_id uuid,
    source_file_id uuid,
    shotgun_id integer,
    is_movie boolean,
    url text,
    uploaded_movie_url text,
    uploaded_movie_name text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    source_key text,
    checksum text NOT NULL,
    progress integer NOT NULL,
    problem text NOT NULL,
    version_id uuid
);

CREATE TABLE public.priority (
    id uuid NOT NULL,
    name text NOT NULL,
    color text,
    value integer NOT NULL,
    sort_order integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.product (
    id uuid NOT NULL,
    name text,
    object_id uuid,
    task_id uuid,
    output_type_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.production_schedule_version (
    id uuid NOT NULL,
    name text NOT NULL,
    project_id uuid NOT NULL,
    production_schedule_from uuid,
    locked boolean NOT NULL,
    canceled boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.production_schedule_version_assignee (
    id uuid NOT NULL,
    production_schedule_version_task_link_id uuid CONSTRAINT production_schedule_versio_production_schedule_versio_not_null1 NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.production_schedule_version_task_link (
    id uuid NOT NULL,
    production_schedule_version_id uuid CONSTRAINT production_schedule_version_production_schedule_versio_not_null NOT NULL,
    task_id uuid NOT NULL,
    start_date timestamp with time zone,
    due_date timestamp with time zone,
    estimation double precision,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project (
    id uuid NOT NULL,
    name text,
    code text,
    title text,
    description text,
    shotgun_id integer,
    file_tree jsonb,
    has_avatar boolean NOT NULL,
    archived boolean NOT NULL,
    fps text,
    ratio text,
    resolution text,
    production_type text,
    production_style text,
    start_date date,
    end_date date,
    due_date timestamp with time zone,
    man_days integer,
    nb_episodes integer,
    episode_span integer,
    max_retakes integer,
    is_clients_isolated boolean NOT NULL,
    is_preview_download_allowed boolean NOT NULL,
    is_set_preview_automated boolean NOT NULL,
    homepage text,
    homepage_url text,
    is_publish_default_for_artists boolean NOT NULL,
    is_bot_collaboration_enabled boolean NOT NULL,
    is_single_preview_per_revision boolean NOT NULL,
    is_frame_in_numbering boolean NOT NULL,
    revision_padding integer NOT NULL,
    hd_bitrate_compression integer,
    ld_bitrate_compression integer,
    sort_order integer,
    project_status_id uuid,
    project_schema_id uuid,
    default_preview_background_file_id uuid,
    from_schedule_version_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    is_client_stats_visible boolean DEFAULT true NOT NULL,
    is_client_task_list_visible boolean DEFAULT true NOT NULL,
    is_client_task_panel_visible boolean DEFAULT true NOT NULL,
    root text,
    color text,
    disk_id uuid,
    thumbnail_id uuid
);

CREATE TABLE public.project_asset_type (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    asset_type_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project_milestone (
    id uuid NOT NULL,
    date date,
    name text NOT NULL,
    project_id uuid NOT NULL,
    task_type_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project_preview_background_file (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    preview_background_file_id uuid CONSTRAINT project_preview_background__preview_background_file_id_not_null NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project_schema (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project_status_automation (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    status_automation_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.project_task_type (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    task_type_id uuid NOT NULL,
    priority integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    hd_bitrate_compression integer,
    ld_bitrate_compression integer,
    is_client_visible boolean DEFAULT true NOT NULL
);

CREATE TABLE public.project_template (
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    fps text,
    ratio text,
    resolution text,
    production_type text,
    production_style text,
    max_retakes integer,
    is_clients_isolated boolean NOT NULL,
    is_client_stats_visible boolean NOT NULL,
    is_client_task_list_visible boolean NOT NULL,
    is_client_task_panel_visible boolean NOT NULL,
    is_preview_download_allowed boolean NOT NULL,
    is_set_preview_automated boolean NOT NULL,
    is_publish_default_for_artists boolean NOT NULL,
    is_bot_collaboration_enabled boolean NOT NULL,
    is_single_preview_per_revision boolean NOT NULL,
    is_frame_in_numbering boolean NOT NULL,
    revision_padding integer NOT NULL,
    homepage text,
    hd_bitrate_compression integer,
    ld_bitrate_compression integer,
    file_tree jsonb,
    metadata_descriptors jsonb,
    default_preview_background_file_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.review_session (
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    availability text,
    start_date timestamp with time zone,
    end_date timestamp with time zone,
    is_moderated boolean NOT NULL,
    passphrase_enabled boolean NOT NULL,
    shareable_url_enabled boolean NOT NULL,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.review_session_invitee (
    id uuid NOT NULL,
    name text,
    email text,
    last_sent_at timestamp with time zone,
    review_session_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.review_session_object (
    id uuid NOT NULL,
    name text,
    description text,
    version text,
    sort_order double precision,
    review_session_id uuid NOT NULL,
    version_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.review_session_object_status (
    id uuid NOT NULL,
    status text,
    review_session_object_id uuid NOT NULL,
    review_session_invitee_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.salary_scale (
    id uuid NOT NULL,
    department_id uuid NOT NULL,
    "position" text NOT NULL,
    seniority text NOT NULL,
    salary integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.schedule_item (
    id uuid NOT NULL,
    start_date date,
    end_date date,
    man_days integer,
    project_id uuid NOT NULL,
    task_type_id uuid,
    object_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.scope (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.scope_use (
    id uuid NOT NULL,
    object_id uuid NOT NULL,
    scope_id uuid NOT NULL,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.search_filter (
    id uuid NOT NULL,
    list_type text NOT NULL,
    entity_type text,
    name text NOT NULL,
    search_query text NOT NULL,
    is_shared boolean NOT NULL,
    department_id uuid,
    search_filter_group_id uuid,
    person_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.search_filter_group (
    id uuid NOT NULL,
    list_type text NOT NULL,
    entity_type text,
    name text NOT NULL,
    color text,
    is_shared boolean NOT NULL,
    person_id uuid,
    project_id uuid,
    department_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.second_factor (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    name text,
    secret text NOT NULL,
    data jsonb,
    counter bigint DEFAULT '0'::bigint NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.setting (
    id uuid NOT NULL,
    name text NOT NULL,
    group_name text NOT NULL,
    value text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.software (
    id uuid NOT NULL,
    name text NOT NULL,
    short_name text,
    archived boolean NOT NULL,
    version text,
    file_extension text,
    secondary_extensions jsonb,
    monthly_cost integer,
    inventory_amount integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.software_department_link (
    id uuid NOT NULL,
    department_id uuid NOT NULL,
    software_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.status (
    id uuid NOT NULL,
    name text NOT NULL,
    code text,
    shotgun_code text,
    description text,
    color text,
    priority integer,
    archived boolean NOT NULL,
    is_done boolean NOT NULL,
    is_artist_allowed boolean NOT NULL,
    is_client_allowed boolean NOT NULL,
    is_retake boolean NOT NULL,
    is_feedback_request boolean NOT NULL,
    is_default boolean NOT NULL,
    is_wip boolean NOT NULL,
    for_concept boolean NOT NULL,
    for_task boolean NOT NULL,
    for_project boolean NOT NULL,
    for_file boolean NOT NULL,
    for_entity boolean NOT NULL,
    shotgun_id integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    for_version boolean DEFAULT false NOT NULL,
    for_note boolean DEFAULT false NOT NULL
);

CREATE TABLE public.status_automation (
    id uuid NOT NULL,
    entity_type text,
    in_task_type_id uuid,
    in_task_status_id uuid,
    out_field_type text NOT NULL,
    out_task_type_id uuid,
    out_task_status_id uuid,
    import_last_revision boolean NOT NULL,
    archived boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.status_use (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    status_id uuid NOT NULL,
    priority integer,
    roles_for_board jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    is_client_allowed boolean
);

CREATE TABLE public.step_template (
    id uuid NOT NULL,
    name text NOT NULL,
    project_schema_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.step_template_item (
    id uuid NOT NULL,
    template_id uuid NOT NULL,
    task_type_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.stored_file (
    id uuid NOT NULL,
    name text,
    file_key text NOT NULL,
    size bigint NOT NULL,
    checksum text,
    media_type text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.studio (
    id uuid NOT NULL,
    name text NOT NULL,
    color text,
    archived boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.subscription (
    id uuid NOT NULL,
    person_id uuid,
    task_id uuid,
    entity_id uuid,
    task_type_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.task (
    id uuid NOT NULL,
    name text,
    description text,
    priority integer,
    difficulty integer NOT NULL,
    duration double precision,
    estimation double precision,
    completion_rate integer,
    retake_count integer,
    sort_order double precision,
    start_date timestamp with time zone,
    due_date timestamp with time zone,
    real_start_date timestamp with time zone,
    end_date timestamp with time zone,
    done_date timestamp with time zone,
    last_comment_date timestamp with time zone,
    nb_assets_ready integer,
    nb_drawings integer,
    shotgun_id integer,
    last_preview_file_id uuid,
    project_id uuid,
    task_type_id uuid,
    task_status_id uuid,
    priority_id uuid,
    entity_id uuid,
    assigner_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    thumbnail_id uuid
);

CREATE TABLE public.task_type (
    id uuid NOT NULL,
    name text NOT NULL,
    short_name text,
    description text,
    color text,
    priority integer,
    for_entity text,
    allow_timelog boolean NOT NULL,
    archived boolean NOT NULL,
    shotgun_id integer,
    department_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.template_asset_type (
    id uuid NOT NULL,
    project_template_id uuid NOT NULL,
    asset_type_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.template_preview_background_file (
    id uuid NOT NULL,
    project_template_id uuid NOT NULL,
    preview_background_file_id uuid CONSTRAINT template_preview_background_preview_background_file_id_not_null NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.template_status_automation (
    id uuid NOT NULL,
    project_template_id uuid NOT NULL,
    status_automation_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.template_task_status (
    id uuid NOT NULL,
    project_template_id uuid NOT NULL,
    task_status_id uuid NOT NULL,
    priority integer,
    roles_for_board jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.template_task_type (
    id uuid NOT NULL,
    project_template_id uuid NOT NULL,
    task_type_id uuid NOT NULL,
    priority integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.time_spent (
    id uuid NOT NULL,
    duration double precision NOT NULL,
    date date NOT NULL,
    task_id uuid,
    person_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.timelog (
    id uuid NOT NULL,
    name text,
    comment text,
    start timestamp with time zone,
    duration double precision NOT NULL,
    time_zone_offset double precision,
    object_id uuid,
    person_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.timer (
    id uuid NOT NULL,
    name text,
    comment text,
    start timestamp with time zone,
    object_id uuid,
    person_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.version (
    id uuid NOT NULL,
    name text,
    description text,
    revision integer,
    object_id uuid,
    task_id uuid,
    person_id uuid,
    status_id uuid,
    preview_file_id uuid,
    product_id uuid,
    project_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    is_published boolean DEFAULT true NOT NULL,
    thumbnail_id uuid
);

CREATE TABLE public.version_link (
    id uuid NOT NULL,
    from_id uuid NOT NULL,
    to_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb
);

CREATE TABLE public.working_file (
    id uuid NOT NULL,
    name text,
    description text,
    comment text,
    revision integer,
    size bigint,
    checksum bigint,
    path text,
    task_id uuid,
    entity_id uuid,
    person_id uuid,
    software_id uuid,
    shotgun_id integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    updated_by_id uuid,
    lock_version integer DEFAULT 0 NOT NULL,
    deleted_at timestamp with time zone,
    data jsonb,
    validation_status text DEFAULT 'neutral'::text NOT NULL
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

INSERT INTO public.event_counter (id, next) VALUES (1, 1);

SELECT pg_catalog.setval('public.hub_message_id_seq', 1, false);

SELECT pg_catalog.setval('public.object_number', 1, false);

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT pk_asset_instance PRIMARY KEY (id);

ALTER TABLE ONLY public.asset_instance_link
    ADD CONSTRAINT pk_asset_instance_link PRIMARY KEY (id);

ALTER TABLE ONLY public.asset_type_step
    ADD CONSTRAINT pk_asset_type_step PRIMARY KEY (id);

ALTER TABLE ONLY public.assignation
    ADD CONSTRAINT pk_assignation PRIMARY KEY (id);

ALTER TABLE ONLY public.attachment_file
    ADD CONSTRAINT pk_attachment_file PRIMARY KEY (id);

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT pk_budget PRIMARY KEY (id);

ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT pk_budget_entry PRIMARY KEY (id);

ALTER TABLE ONLY public.build_job
    ADD CONSTRAINT pk_build_job PRIMARY KEY (id);

ALTER TABLE ONLY public.calendar_event
    ADD CONSTRAINT pk_calendar_event PRIMARY KEY (id);

ALTER TABLE ONLY public.calendar_event_resource
    ADD CONSTRAINT pk_calendar_event_resource PRIMARY KEY (id);

ALTER TABLE ONLY public.change_set
    ADD CONSTRAINT pk_change_set PRIMARY KEY (id);

ALTER TABLE ONLY public.chat
    ADD CONSTRAINT pk_chat PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT pk_chat_message PRIMARY KEY (id);

ALTER TABLE ONLY public.chat_participant
    ADD CONSTRAINT pk_chat_participant PRIMARY KEY (id);

ALTER TABLE ONLY public.client_job
    ADD CONSTRAINT pk_client_job PRIMARY KEY (id);

ALTER TABLE ONLY public.client_job_component
    ADD CONSTRAINT pk_client_job_component PRIMARY KEY (id);

ALTER TABLE ONLY public.component
    ADD CONSTRAINT pk_component PRIMARY KEY (id);

ALTER TABLE ONLY public.component_location
    ADD CONSTRAINT pk_component_location PRIMARY KEY (id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT pk_credential PRIMARY KEY (id);

ALTER TABLE ONLY public.custom_action
    ADD CONSTRAINT pk_custom_action PRIMARY KEY (id);

ALTER TABLE ONLY public.custom_field_group
    ADD CONSTRAINT pk_custom_field_group PRIMARY KEY (id);

ALTER TABLE ONLY public.data_import_error
    ADD CONSTRAINT pk_data_import_error PRIMARY KEY (id);

ALTER TABLE ONLY public.day_off
    ADD CONSTRAINT pk_day_off PRIMARY KEY (id);

ALTER TABLE ONLY public.declared_record
    ADD CONSTRAINT pk_declared_record PRIMARY KEY (id);

ALTER TABLE ONLY public.department
    ADD CONSTRAINT pk_department PRIMARY KEY (id);

ALTER TABLE ONLY public.dependency
    ADD CONSTRAINT pk_dependency PRIMARY KEY (id);

ALTER TABLE ONLY public.desktop_login_log
    ADD CONSTRAINT pk_desktop_login_log PRIMARY KEY (id);

ALTER TABLE ONLY public.disk
    ADD CONSTRAINT pk_disk PRIMARY KEY (id);

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT pk_entity PRIMARY KEY (id);

ALTER TABLE ONLY public.entity_concept_link
    ADD CONSTRAINT pk_entity_concept_link PRIMARY KEY (id);

ALTER TABLE ONLY public.entity_link
    ADD CONSTRAINT pk_entity_link PRIMARY KEY (id);

ALTER TABLE ONLY public.entity_type
    ADD CONSTRAINT pk_entity_type PRIMARY KEY (id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT pk_event PRIMARY KEY (change_set_id, ordinal);

ALTER TABLE ONLY public.event_counter
    ADD CONSTRAINT pk_event_counter PRIMARY KEY (id);

ALTER TABLE ONLY public.field_descriptor
    ADD CONSTRAINT pk_field_descriptor PRIMARY KEY (id);

ALTER TABLE ONLY public.field_descriptor_department
    ADD CONSTRAINT pk_field_descriptor_department PRIMARY KEY (id);

ALTER TABLE ONLY public.hardware_item
    ADD CONSTRAINT pk_hardware_item PRIMARY KEY (id);

ALTER TABLE ONLY public.hardware_item_department_link
    ADD CONSTRAINT pk_hardware_item_department_link PRIMARY KEY (id);

ALTER TABLE ONLY public.hub_message
    ADD CONSTRAINT pk_hub_message PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT pk_idempotency_key PRIMARY KEY (actor_id, key);

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT pk_import_run PRIMARY KEY (id);

ALTER TABLE ONLY public.list_category
    ADD CONSTRAINT pk_list_category PRIMARY KEY (id);

ALTER TABLE ONLY public.list_object
    ADD CONSTRAINT pk_list_object PRIMARY KEY (id);

ALTER TABLE ONLY public.location
    ADD CONSTRAINT pk_location PRIMARY KEY (id);

ALTER TABLE ONLY public.login_failure
    ADD CONSTRAINT pk_login_failure PRIMARY KEY (login, address);

ALTER TABLE ONLY public.login_log
    ADD CONSTRAINT pk_login_log PRIMARY KEY (id);

ALTER TABLE ONLY public.login_session
    ADD CONSTRAINT pk_login_session PRIMARY KEY (id);

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT pk_manager PRIMARY KEY (id);

ALTER TABLE ONLY public.manager_type
    ADD CONSTRAINT pk_manager_type PRIMARY KEY (id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (id);

ALTER TABLE ONLY public.metadata_entry
    ADD CONSTRAINT pk_metadata_entry PRIMARY KEY (id);

ALTER TABLE ONLY public.note
    ADD CONSTRAINT pk_note PRIMARY KEY (id);

ALTER TABLE ONLY public.note_acknowledgement
    ADD CONSTRAINT pk_note_acknowledgement PRIMARY KEY (id);

ALTER TABLE ONLY public.note_component
    ADD CONSTRAINT pk_note_component PRIMARY KEY (id);

ALTER TABLE ONLY public.note_department_mention
    ADD CONSTRAINT pk_note_department_mention PRIMARY KEY (id);

ALTER TABLE ONLY public.note_label
    ADD CONSTRAINT pk_note_label PRIMARY KEY (id);

ALTER TABLE ONLY public.note_label_link
    ADD CONSTRAINT pk_note_label_link PRIMARY KEY (id);

ALTER TABLE ONLY public.note_mention
    ADD CONSTRAINT pk_note_mention PRIMARY KEY (id);

ALTER TABLE ONLY public.note_person
    ADD CONSTRAINT pk_note_person PRIMARY KEY (id);

ALTER TABLE ONLY public.note_preview
    ADD CONSTRAINT pk_note_preview PRIMARY KEY (id);

ALTER TABLE ONLY public.note_recipient
    ADD CONSTRAINT pk_note_recipient PRIMARY KEY (id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT pk_notification PRIMARY KEY (id);

ALTER TABLE ONLY public.object
    ADD CONSTRAINT pk_object PRIMARY KEY (id);

ALTER TABLE ONLY public.object_link
    ADD CONSTRAINT pk_object_link PRIMARY KEY (id);

ALTER TABLE ONLY public.object_list
    ADD CONSTRAINT pk_object_list PRIMARY KEY (id);

ALTER TABLE ONLY public.one_time_secret
    ADD CONSTRAINT pk_one_time_secret PRIMARY KEY (id);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT pk_organisation PRIMARY KEY (id);

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT pk_output_file PRIMARY KEY (id);

ALTER TABLE ONLY public.output_type
    ADD CONSTRAINT pk_output_type PRIMARY KEY (id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT pk_person PRIMARY KEY (id);

ALTER TABLE ONLY public.person_department
    ADD CONSTRAINT pk_person_department PRIMARY KEY (id);

ALTER TABLE ONLY public.playlist
    ADD CONSTRAINT pk_playlist PRIMARY KEY (id);

ALTER TABLE ONLY public.playlist_share_link
    ADD CONSTRAINT pk_playlist_share_link PRIMARY KEY (id);

ALTER TABLE ONLY public.preview_background_file
    ADD CONSTRAINT pk_preview_background_file PRIMARY KEY (id);

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT pk_preview_file PRIMARY KEY (id);

ALTER TABLE ONLY public.priority
    ADD CONSTRAINT pk_priority PRIMARY KEY (id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT pk_product PRIMARY KEY (id);

ALTER TABLE ONLY public.production_schedule_version
    ADD CONSTRAINT pk_production_schedule_version PRIMARY KEY (id);

ALTER TABLE ONLY public.production_schedule_version_assignee
    ADD CONSTRAINT pk_production_schedule_version_assignee PRIMARY KEY (id);

ALTER TABLE ONLY public.production_schedule_version_task_link
    ADD CONSTRAINT pk_production_schedule_version_task_link PRIMARY KEY (id);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT pk_project PRIMARY KEY (id);

ALTER TABLE ONLY public.project_asset_type
    ADD CONSTRAINT pk_project_asset_type PRIMARY KEY (id);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT pk_project_milestone PRIMARY KEY (id);

ALTER TABLE ONLY public.project_preview_background_file
    ADD CONSTRAINT pk_project_preview_background_file PRIMARY KEY (id);

ALTER TABLE ONLY public.project_schema
    ADD CONSTRAINT pk_project_schema PRIMARY KEY (id);

ALTER TABLE ONLY public.project_status_automation
    ADD CONSTRAINT pk_project_status_automation PRIMARY KEY (id);

ALTER TABLE ONLY public.project_task_type
    ADD CONSTRAINT pk_project_task_type PRIMARY KEY (id);

ALTER TABLE ONLY public.project_template
    ADD CONSTRAINT pk_project_template PRIMARY KEY (id);

ALTER TABLE ONLY public.review_session
    ADD CONSTRAINT pk_review_session PRIMARY KEY (id);

ALTER TABLE ONLY public.review_session_invitee
    ADD CONSTRAINT pk_review_session_invitee PRIMARY KEY (id);

ALTER TABLE ONLY public.review_session_object
    ADD CONSTRAINT pk_review_session_object PRIMARY KEY (id);

ALTER TABLE ONLY public.review_session_object_status
    ADD CONSTRAINT pk_review_session_object_status PRIMARY KEY (id);

ALTER TABLE ONLY public.salary_scale
    ADD CONSTRAINT pk_salary_scale PRIMARY KEY (id);

ALTER TABLE ONLY public.schedule_item
    ADD CONSTRAINT pk_schedule_item PRIMARY KEY (id);

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT pk_scope PRIMARY KEY (id);

ALTER TABLE ONLY public.scope_use
    ADD CONSTRAINT pk_scope_use PRIMARY KEY (id);

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT pk_search_filter PRIMARY KEY (id);

ALTER TABLE ONLY public.search_filter_group
    ADD CONSTRAINT pk_search_filter_group PRIMARY KEY (id);

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT pk_second_factor PRIMARY KEY (id);

ALTER TABLE ONLY public.setting
    ADD CONSTRAINT pk_setting PRIMARY KEY (id);

ALTER TABLE ONLY public.software
    ADD CONSTRAINT pk_software PRIMARY KEY (id);

ALTER TABLE ONLY public.software_department_link
    ADD CONSTRAINT pk_software_department_link PRIMARY KEY (id);

ALTER TABLE ONLY public.status
    ADD CONSTRAINT pk_status PRIMARY KEY (id);

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT pk_status_automation PRIMARY KEY (id);

ALTER TABLE ONLY public.status_use
    ADD CONSTRAINT pk_status_use PRIMARY KEY (id);

ALTER TABLE ONLY public.step_template
    ADD CONSTRAINT pk_step_template PRIMARY KEY (id);

ALTER TABLE ONLY public.step_template_item
    ADD CONSTRAINT pk_step_template_item PRIMARY KEY (id);

ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT pk_stored_file PRIMARY KEY (id);

ALTER TABLE ONLY public.studio
    ADD CONSTRAINT pk_studio PRIMARY KEY (id);

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT pk_subscription PRIMARY KEY (id);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT pk_task PRIMARY KEY (id);

ALTER TABLE ONLY public.task_type
    ADD CONSTRAINT pk_task_type PRIMARY KEY (id);

ALTER TABLE ONLY public.template_asset_type
    ADD CONSTRAINT pk_template_asset_type PRIMARY KEY (id);

ALTER TABLE ONLY public.template_preview_background_file
    ADD CONSTRAINT pk_template_preview_background_file PRIMARY KEY (id);

ALTER TABLE ONLY public.template_status_automation
    ADD CONSTRAINT pk_template_status_automation PRIMARY KEY (id);

ALTER TABLE ONLY public.template_task_status
    ADD CONSTRAINT pk_template_task_status PRIMARY KEY (id);

ALTER TABLE ONLY public.template_task_type
    ADD CONSTRAINT pk_template_task_type PRIMARY KEY (id);

ALTER TABLE ONLY public.time_spent
    ADD CONSTRAINT pk_time_spent PRIMARY KEY (id);

ALTER TABLE ONLY public.timelog
    ADD CONSTRAINT pk_timelog PRIMARY KEY (id);

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT pk_timer PRIMARY KEY (id);

ALTER TABLE ONLY public.version
    ADD CONSTRAINT pk_version PRIMARY KEY (id);

ALTER TABLE ONLY public.version_link
    ADD CONSTRAINT pk_version_link PRIMARY KEY (id);

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT pk_working_file PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.object
    ADD CONSTRAINT uq_object_kind_number UNIQUE (kind, number);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX ix_asset_instance_link_entity_id ON public.asset_instance_link USING btree (entity_id);

CREATE INDEX ix_asset_instance_scene_id ON public.asset_instance USING btree (scene_id);

CREATE INDEX ix_asset_instance_target_asset_id ON public.asset_instance USING btree (target_asset_id);

CREATE INDEX ix_assignation_person_id ON public.assignation USING btree (person_id);

CREATE INDEX ix_attachment_file_comment_id ON public.attachment_file USING btree (comment_id);

CREATE INDEX ix_budget_entry_budget_id ON public.budget_entry USING btree (budget_id);

CREATE INDEX ix_budget_project_id ON public.budget USING btree (project_id, revision);

CREATE INDEX ix_build_job_playlist_id ON public.build_job USING btree (playlist_id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_chat_message_chat_id ON public.chat_message USING btree (chat_id, created_at) WHERE (deleted_at IS NULL);

CREATE INDEX ix_chat_participant_person_id ON public.chat_participant USING btree (person_id);

CREATE INDEX ix_chat_project_id ON public.chat USING btree (project_id);

CREATE INDEX ix_component_container_id ON public.component USING btree (container_id);

CREATE INDEX ix_component_location_location_id ON public.component_location USING btree (location_id);

CREATE INDEX ix_component_object_id ON public.component USING btree (object_id, created_at);

CREATE INDEX ix_component_project_id ON public.component USING btree (project_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_component_task_id ON public.component USING btree (task_id);

CREATE INDEX ix_component_version_id ON public.component USING btree (version_id);

CREATE INDEX ix_credential_person_id_kind ON public.credential USING btree (person_id, kind);

CREATE INDEX ix_day_off_date ON public.day_off USING btree (date, end_date) WHERE (deleted_at IS NULL);

CREATE INDEX ix_declared_record_cut_id ON public.declared_record USING btree (((data ->> 'cut_id'::text))) WHERE (deleted_at IS NULL);

CREATE INDEX ix_declared_record_kind ON public.declared_record USING btree (kind, project_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_dependency_to_id ON public.dependency USING btree (to_id);

CREATE INDEX ix_desktop_login_log_person_id ON public.desktop_login_log USING btree (person_id, date) WHERE (deleted_at IS NULL);

CREATE INDEX ix_entity_concept_link_entity_out_id ON public.entity_concept_link USING btree (entity_out_id);

CREATE INDEX ix_entity_description_words ON public.entity USING gin (to_tsvector('simple'::regconfig, public.plain_words(description))) WHERE (deleted_at IS NULL);

CREATE INDEX ix_entity_kind_created_at ON public.entity USING btree (kind, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_entity_link_entity_out_id ON public.entity_link USING btree (entity_out_id);

CREATE INDEX ix_entity_name ON public.entity USING btree (lower(name));

CREATE INDEX ix_entity_parent_id ON public.entity USING btree (parent_id);

CREATE INDEX ix_entity_preview_file_id ON public.entity USING btree (preview_file_id) WHERE (preview_file_id IS NOT NULL);

CREATE INDEX ix_entity_project_id_kind ON public.entity USING btree (project_id, kind, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_entity_sequence_id ON public.entity USING btree (sequence_id);

CREATE INDEX ix_entity_shotgun_id ON public.entity USING btree (shotgun_id) WHERE (shotgun_id IS NOT NULL);

CREATE INDEX ix_entity_source_id ON public.entity USING btree (source_id);

CREATE INDEX ix_entity_words ON public.entity USING gin (public.plain_words(name) public.gin_trgm_ops) WHERE (deleted_at IS NULL);

CREATE INDEX ix_event_head ON public.event USING btree (change_set_id, ordinal) WHERE (uid IS NOT NULL);

CREATE INDEX ix_event_object_id ON public.event USING btree (object_id);

CREATE INDEX ix_field_descriptor_entity_type ON public.field_descriptor USING btree (entity_type);

CREATE INDEX ix_hardware_item_department_link_hardware_item_id ON public.hardware_item_department_link USING btree (hardware_item_id);

CREATE INDEX ix_login_failure_at ON public.login_failure USING btree (at);

CREATE INDEX ix_login_log_created_at ON public.login_log USING btree (created_at, id);

CREATE INDEX ix_login_log_person_id ON public.login_log USING btree (person_id, created_at);

CREATE INDEX ix_login_session_person_id ON public.login_session USING btree (person_id);

CREATE INDEX ix_membership_person_id ON public.membership USING btree (person_id);

CREATE INDEX ix_metadata_entry_key ON public.metadata_entry USING btree (key, value);

CREATE INDEX ix_note_mention_person_id ON public.note_mention USING btree (person_id);

CREATE INDEX ix_note_object_id ON public.note USING btree (object_id, created_at);

CREATE INDEX ix_note_parent_id ON public.note USING btree (parent_id);

CREATE INDEX ix_note_person_person_id ON public.note_person USING btree (person_id);

CREATE INDEX ix_note_preview_file_id ON public.note USING btree (preview_file_id) WHERE (preview_file_id IS NOT NULL);

CREATE INDEX ix_note_preview_preview_file_id ON public.note_preview USING btree (preview_file_id);

CREATE INDEX ix_note_shotgun_id ON public.note USING btree (shotgun_id) WHERE (shotgun_id IS NOT NULL);

CREATE INDEX ix_notification_comment_id ON public.notification USING btree (comment_id);

CREATE INDEX ix_notification_person_id ON public.notification USING btree (person_id, created_at) WHERE (deleted_at IS NULL);

CREATE INDEX ix_notification_project_id ON public.notification USING btree (project_id, created_at) WHERE (deleted_at IS NULL);

CREATE INDEX ix_notification_reply_id ON public.notification USING btree (reply_id);

CREATE INDEX ix_notification_task_id ON public.notification USING btree (task_id);

CREATE INDEX ix_object_link_to_id ON public.object_link USING btree (to_id, field);

CREATE INDEX ix_object_list_project_id ON public.object_list USING btree (project_id);

CREATE INDEX ix_object_name ON public.object USING btree (name);

CREATE INDEX ix_one_time_secret_person_id_kind ON public.one_time_secret USING btree (person_id, kind);

CREATE INDEX ix_output_file_asset_instance_id ON public.output_file USING btree (asset_instance_id);

CREATE INDEX ix_output_file_output_type_id ON public.output_file USING btree (output_type_id);

CREATE INDEX ix_output_file_path ON public.output_file USING btree (path);

CREATE INDEX ix_output_file_revisions ON public.output_file USING btree (entity_id, name, revision) WHERE (deleted_at IS NULL);

CREATE INDEX ix_output_file_source_file_id ON public.output_file USING btree (source_file_id);

CREATE INDEX ix_playlist_project_id ON public.playlist USING btree (project_id, updated_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_playlist_share_link_playlist_id ON public.playlist_share_link USING btree (playlist_id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_preview_file_shotgun_id ON public.preview_file USING btree (shotgun_id) WHERE (shotgun_id IS NOT NULL);

CREATE INDEX ix_preview_file_version_id ON public.preview_file USING btree (version_id);

CREATE INDEX ix_product_object_id ON public.product USING btree (object_id);

CREATE INDEX ix_product_project_id ON public.product USING btree (project_id);

CREATE INDEX ix_production_schedule_version_assignee_person_id ON public.production_schedule_version_assignee USING btree (person_id);

CREATE INDEX ix_production_schedule_version_production_schedule_from ON public.production_schedule_version USING btree (production_schedule_from);

CREATE INDEX ix_production_schedule_version_task_link_task_id ON public.production_schedule_version_task_link USING btree (task_id);

CREATE INDEX ix_project_milestone_project_id ON public.project_milestone USING btree (project_id, date);

CREATE INDEX ix_project_status_automation_status_automation_id ON public.project_status_automation USING btree (status_automation_id);

CREATE INDEX ix_project_template_background ON public.project_template USING btree (default_preview_background_file_id);

CREATE INDEX ix_review_session_invitee_review_session_id ON public.review_session_invitee USING btree (review_session_id);

CREATE INDEX ix_review_session_object_review_session_id ON public.review_session_object USING btree (review_session_id);

CREATE INDEX ix_review_session_project_id ON public.review_session USING btree (project_id);

CREATE INDEX ix_schedule_item_object_id ON public.schedule_item USING btree (object_id);

CREATE INDEX ix_schedule_item_task_type_id ON public.schedule_item USING btree (task_type_id);

CREATE INDEX ix_search_filter_group_person_id ON public.search_filter_group USING btree (person_id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_search_filter_group_project_id ON public.search_filter_group USING btree (project_id);

CREATE INDEX ix_search_filter_person_id ON public.search_filter USING btree (person_id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_search_filter_project_id ON public.search_filter USING btree (project_id);

CREATE INDEX ix_search_filter_search_filter_group_id ON public.search_filter USING btree (search_filter_group_id);

CREATE INDEX ix_second_factor_person_id ON public.second_factor USING btree (person_id);

CREATE INDEX ix_software_department_link_software_id ON public.software_department_link USING btree (software_id);

CREATE INDEX ix_status_automation_in_task_status_id ON public.status_automation USING btree (in_task_status_id);

CREATE INDEX ix_stored_file_checksum ON public.stored_file USING btree (checksum);

CREATE INDEX ix_subscription_person_id ON public.subscription USING btree (person_id);

CREATE INDEX ix_subscription_project_id ON public.subscription USING btree (project_id);

CREATE INDEX ix_task_created_at ON public.task USING btree (created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_task_project_id_created_at ON public.task USING btree (project_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_task_project_id_updated_at ON public.task USING btree (project_id, updated_at, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_task_shotgun_id ON public.task USING btree (shotgun_id) WHERE (shotgun_id IS NOT NULL);

CREATE INDEX ix_task_task_status_id ON public.task USING btree (task_status_id);

CREATE INDEX ix_task_task_type_id ON public.task USING btree (task_type_id);

CREATE INDEX ix_template_asset_type_asset_type_id ON public.template_asset_type USING btree (asset_type_id);

CREATE INDEX ix_template_preview_background_file_preview_background_file_id ON public.template_preview_background_file USING btree (preview_background_file_id);

CREATE INDEX ix_template_status_automation_status_automation_id ON public.template_status_automation USING btree (status_automation_id);

CREATE INDEX ix_template_task_status_task_status_id ON public.template_task_status USING btree (task_status_id);

CREATE INDEX ix_template_task_type_task_type_id ON public.template_task_type USING btree (task_type_id);

CREATE INDEX ix_time_spent_task_id ON public.time_spent USING btree (task_id);

CREATE INDEX ix_timelog_object_id ON public.timelog USING btree (object_id);

CREATE INDEX ix_timelog_person_id ON public.timelog USING btree (person_id, start);

CREATE INDEX ix_version_link_to_id ON public.version_link USING btree (to_id);

CREATE INDEX ix_version_object_id ON public.version USING btree (object_id, created_at);

CREATE INDEX ix_version_project_id ON public.version USING btree (project_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX ix_version_task_id ON public.version USING btree (task_id, revision);

CREATE INDEX ix_working_file_entity_id ON public.working_file USING btree (entity_id);

CREATE INDEX ix_working_file_revisions ON public.working_file USING btree (task_id, name, revision) WHERE (deleted_at IS NULL);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE UNIQUE INDEX uq_asset_instance ON public.asset_instance USING btree (asset_id, target_asset_id, scene_id, instance_number) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_asset_instance_link ON public.asset_instance_link USING btree (asset_instance_id, entity_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_asset_type_step ON public.asset_type_step USING btree (asset_type_id, task_type_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_assignation ON public.assignation USING btree (task_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_change_set_base ON public.change_set USING btree (base);

CREATE UNIQUE INDEX uq_change_set_last ON public.change_set USING btree (last);

CREATE UNIQUE INDEX uq_chat_object_id ON public.chat USING btree (object_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_chat_participant ON public.chat_participant USING btree (chat_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_client_job_component ON public.client_job_component USING btree (component_id, job_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_component_location ON public.component_location USING btree (component_id, location_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_credential_key ON public.credential USING btree (digest) WHERE ((kind <> 'password'::text) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX uq_data_import_error_about ON public.data_import_error USING btree (source, about) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_day_off ON public.day_off USING btree (person_id, date) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_department_name ON public.department USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_dependency ON public.dependency USING btree (from_id, to_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_entity_concept_link ON public.entity_concept_link USING btree (entity_in_id, entity_out_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_entity_link ON public.entity_link USING btree (entity_in_id, entity_out_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_entity_name ON public.entity USING btree (project_id, entity_type_id, parent_id, name) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_entity_type_name ON public.entity_type USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_event_uid ON public.event USING btree (uid) WHERE (uid IS NOT NULL);

CREATE UNIQUE INDEX uq_field_descriptor ON public.field_descriptor USING btree (project_id, entity_type, task_type_id, field_name) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_field_descriptor_department ON public.field_descriptor_department USING btree (field_descriptor_id, department_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_hardware_item_department_link ON public.hardware_item_department_link USING btree (department_id, hardware_item_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_hardware_item_name ON public.hardware_item USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_list_object ON public.list_object USING btree (list_id, object_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_location_name ON public.location USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_login_session_digest ON public.login_session USING btree (digest);

CREATE UNIQUE INDEX uq_membership ON public.membership USING btree (project_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_metadata_entry ON public.metadata_entry USING btree (object_id, key) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_acknowledgement ON public.note_acknowledgement USING btree (note_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_component ON public.note_component USING btree (component_id, note_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_department_mention ON public.note_department_mention USING btree (note_id, department_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_label_link ON public.note_label_link USING btree (note_id, label_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_mention ON public.note_mention USING btree (note_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_person ON public.note_person USING btree (note_id, role, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_preview ON public.note_preview USING btree (note_id, preview_file_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_note_recipient ON public.note_recipient USING btree (note_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_object_link ON public.object_link USING btree (from_id, field, to_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_output_file ON public.output_file USING btree (entity_id, asset_instance_id, output_type_id, task_type_id, temporal_entity_id, name, representation, revision) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_output_type_name ON public.output_type USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_person_department ON public.person_department USING btree (person_id, department_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_person_email ON public.person USING btree (lower(email), is_bot) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_person_login ON public.person USING btree (lower(login)) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_playlist_share_link_token ON public.playlist_share_link USING btree (token);

CREATE UNIQUE INDEX uq_preview_background_file_name ON public.preview_background_file USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_preview_file ON public.preview_file USING btree (task_id, name, revision) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_priority_value ON public.priority USING btree (value) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_product_task_id ON public.product USING btree (task_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_production_schedule_version_assignee ON public.production_schedule_version_assignee USING btree (production_schedule_version_task_link_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_production_schedule_version_name ON public.production_schedule_version USING btree (project_id, name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_production_schedule_version_task_link ON public.production_schedule_version_task_link USING btree (production_schedule_version_id, task_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_asset_type ON public.project_asset_type USING btree (project_id, asset_type_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_name ON public.project USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_preview_background_file ON public.project_preview_background_file USING btree (project_id, preview_background_file_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_status_automation ON public.project_status_automation USING btree (project_id, status_automation_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_task_type ON public.project_task_type USING btree (project_id, task_type_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_project_template_name ON public.project_template USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_salary_scale ON public.salary_scale USING btree (department_id, "position", seniority) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_schedule_item ON public.schedule_item USING btree (project_id, task_type_id, object_id) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_scope_use ON public.scope_use USING btree (object_id, scope_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_setting ON public.setting USING btree (name, group_name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_software_department_link ON public.software_department_link USING btree (department_id, software_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_software_name ON public.software USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_status_file ON public.status USING btree (name) WHERE ((deleted_at IS NULL) AND for_file);

CREATE UNIQUE INDEX uq_status_project ON public.status USING btree (name) WHERE ((deleted_at IS NULL) AND for_project);

CREATE UNIQUE INDEX uq_status_task ON public.status USING btree (code) WHERE ((deleted_at IS NULL) AND for_task);

CREATE UNIQUE INDEX uq_status_use ON public.status_use USING btree (project_id, status_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_studio_name ON public.studio USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_subscription_step ON public.subscription USING btree (entity_id, task_type_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_subscription_task ON public.subscription USING btree (task_id, person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_task_name ON public.task USING btree (entity_id, task_type_id, name, project_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_task_type_name ON public.task_type USING btree (name, for_entity, department_id) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_template_asset_type ON public.template_asset_type USING btree (project_template_id, asset_type_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_template_preview_background_file ON public.template_preview_background_file USING btree (project_template_id, preview_background_file_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_template_status_automation ON public.template_status_automation USING btree (project_template_id, status_automation_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_template_task_status ON public.template_task_status USING btree (project_template_id, task_status_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_template_task_type ON public.template_task_type USING btree (project_template_id, task_type_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_time_spent ON public.time_spent USING btree (person_id, task_id, date) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_timer ON public.timer USING btree (person_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_version_link ON public.version_link USING btree (from_id, to_id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_version_revision ON public.version USING btree (product_id, revision) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX uq_working_file ON public.working_file USING btree (task_id, entity_id, name, revision) NULLS NOT DISTINCT WHERE (deleted_at IS NULL);

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_asset_id FOREIGN KEY (asset_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_entity_id FOREIGN KEY (entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_entity_type_id FOREIGN KEY (entity_type_id) REFERENCES public.entity_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance_link
    ADD CONSTRAINT fk_asset_instance_link_asset_instance_id FOREIGN KEY (asset_instance_id) REFERENCES public.asset_instance(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance_link
    ADD CONSTRAINT fk_asset_instance_link_entity_id FOREIGN KEY (entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance_link
    ADD CONSTRAINT fk_asset_instance_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_scene_id FOREIGN KEY (scene_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_instance
    ADD CONSTRAINT fk_asset_instance_target_asset_id FOREIGN KEY (target_asset_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_type_step
    ADD CONSTRAINT fk_asset_type_step_asset_type_id FOREIGN KEY (asset_type_id) REFERENCES public.entity_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_type_step
    ADD CONSTRAINT fk_asset_type_step_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.asset_type_step
    ADD CONSTRAINT fk_asset_type_step_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assignation
    ADD CONSTRAINT fk_assignation_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assignation
    ADD CONSTRAINT fk_assignation_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assignation
    ADD CONSTRAINT fk_assignation_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.attachment_file
    ADD CONSTRAINT fk_attachment_file_comment_id FOREIGN KEY (comment_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.attachment_file
    ADD CONSTRAINT fk_attachment_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.attachment_file
    ADD CONSTRAINT fk_attachment_file_reply_id FOREIGN KEY (reply_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT fk_budget_entry_budget_id FOREIGN KEY (budget_id) REFERENCES public.budget(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT fk_budget_entry_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT fk_budget_entry_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT fk_budget_entry_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT fk_budget_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT fk_budget_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.build_job
    ADD CONSTRAINT fk_build_job_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.build_job
    ADD CONSTRAINT fk_build_job_playlist_id FOREIGN KEY (playlist_id) REFERENCES public.playlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event
    ADD CONSTRAINT fk_calendar_event_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event
    ADD CONSTRAINT fk_calendar_event_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event_resource
    ADD CONSTRAINT fk_calendar_event_resource_calendar_event_id FOREIGN KEY (calendar_event_id) REFERENCES public.calendar_event(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event_resource
    ADD CONSTRAINT fk_calendar_event_resource_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event_resource
    ADD CONSTRAINT fk_calendar_event_resource_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.calendar_event
    ADD CONSTRAINT fk_calendar_event_type_id FOREIGN KEY (type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat
    ADD CONSTRAINT fk_chat_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT fk_chat_message_chat_id FOREIGN KEY (chat_id) REFERENCES public.chat(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT fk_chat_message_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT fk_chat_message_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat
    ADD CONSTRAINT fk_chat_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_participant
    ADD CONSTRAINT fk_chat_participant_chat_id FOREIGN KEY (chat_id) REFERENCES public.chat(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_participant
    ADD CONSTRAINT fk_chat_participant_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat_participant
    ADD CONSTRAINT fk_chat_participant_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.chat
    ADD CONSTRAINT fk_chat_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.client_job_component
    ADD CONSTRAINT fk_client_job_component_component_id FOREIGN KEY (component_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.client_job_component
    ADD CONSTRAINT fk_client_job_component_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.client_job_component
    ADD CONSTRAINT fk_client_job_component_job_id FOREIGN KEY (job_id) REFERENCES public.client_job(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.client_job
    ADD CONSTRAINT fk_client_job_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.client_job
    ADD CONSTRAINT fk_client_job_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_container_id FOREIGN KEY (container_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component_location
    ADD CONSTRAINT fk_component_location_component_id FOREIGN KEY (component_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component_location
    ADD CONSTRAINT fk_component_location_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component_location
    ADD CONSTRAINT fk_component_location_location_id FOREIGN KEY (location_id) REFERENCES public.location(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component_location
    ADD CONSTRAINT fk_component_location_stored_file_id FOREIGN KEY (stored_file_id) REFERENCES public.stored_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_output_type_id FOREIGN KEY (output_type_id) REFERENCES public.output_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_status_id FOREIGN KEY (status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.component
    ADD CONSTRAINT fk_component_version_id FOREIGN KEY (version_id) REFERENCES public.version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT fk_credential_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.custom_action
    ADD CONSTRAINT fk_custom_action_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.custom_field_group
    ADD CONSTRAINT fk_custom_field_group_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.data_import_error
    ADD CONSTRAINT fk_data_import_error_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.day_off
    ADD CONSTRAINT fk_day_off_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.day_off
    ADD CONSTRAINT fk_day_off_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.declared_record
    ADD CONSTRAINT fk_declared_record_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.declared_record
    ADD CONSTRAINT fk_declared_record_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.department
    ADD CONSTRAINT fk_department_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.dependency
    ADD CONSTRAINT fk_dependency_from_id FOREIGN KEY (from_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.dependency
    ADD CONSTRAINT fk_dependency_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.dependency
    ADD CONSTRAINT fk_dependency_to_id FOREIGN KEY (to_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desktop_login_log
    ADD CONSTRAINT fk_desktop_login_log_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desktop_login_log
    ADD CONSTRAINT fk_desktop_login_log_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.disk
    ADD CONSTRAINT fk_disk_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_concept_link
    ADD CONSTRAINT fk_entity_concept_link_entity_in_id FOREIGN KEY (entity_in_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_concept_link
    ADD CONSTRAINT fk_entity_concept_link_entity_out_id FOREIGN KEY (entity_out_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_concept_link
    ADD CONSTRAINT fk_entity_concept_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_entity_type_id FOREIGN KEY (entity_type_id) REFERENCES public.entity_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_episode_id FOREIGN KEY (episode_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_link
    ADD CONSTRAINT fk_entity_link_entity_in_id FOREIGN KEY (entity_in_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_link
    ADD CONSTRAINT fk_entity_link_entity_out_id FOREIGN KEY (entity_out_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_link
    ADD CONSTRAINT fk_entity_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_parent_id FOREIGN KEY (parent_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_preview_file_id FOREIGN KEY (preview_file_id) REFERENCES public.preview_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_priority_id FOREIGN KEY (priority_id) REFERENCES public.priority(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_ready_for FOREIGN KEY (ready_for) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_sequence_id FOREIGN KEY (sequence_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_source_id FOREIGN KEY (source_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_status_id FOREIGN KEY (status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_supervisor_id FOREIGN KEY (supervisor_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT fk_entity_thumbnail_id FOREIGN KEY (thumbnail_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.entity_type
    ADD CONSTRAINT fk_entity_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor_department
    ADD CONSTRAINT fk_field_descriptor_department_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor_department
    ADD CONSTRAINT fk_field_descriptor_department_field_descriptor_id FOREIGN KEY (field_descriptor_id) REFERENCES public.field_descriptor(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor_department
    ADD CONSTRAINT fk_field_descriptor_department_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor
    ADD CONSTRAINT fk_field_descriptor_group_id FOREIGN KEY (group_id) REFERENCES public.custom_field_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor
    ADD CONSTRAINT fk_field_descriptor_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor
    ADD CONSTRAINT fk_field_descriptor_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.field_descriptor
    ADD CONSTRAINT fk_field_descriptor_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.hardware_item_department_link
    ADD CONSTRAINT fk_hardware_item_department_link_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.hardware_item_department_link
    ADD CONSTRAINT fk_hardware_item_department_link_hardware_item_id FOREIGN KEY (hardware_item_id) REFERENCES public.hardware_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.hardware_item_department_link
    ADD CONSTRAINT fk_hardware_item_department_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.hardware_item
    ADD CONSTRAINT fk_hardware_item_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT fk_import_run_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.list_category
    ADD CONSTRAINT fk_list_category_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.list_object
    ADD CONSTRAINT fk_list_object_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.list_object
    ADD CONSTRAINT fk_list_object_list_id FOREIGN KEY (list_id) REFERENCES public.object_list(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.list_object
    ADD CONSTRAINT fk_list_object_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.location
    ADD CONSTRAINT fk_location_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.login_log
    ADD CONSTRAINT fk_login_log_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.login_session
    ADD CONSTRAINT fk_login_session_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT fk_manager_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT fk_manager_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT fk_manager_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT fk_manager_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager
    ADD CONSTRAINT fk_manager_type_id FOREIGN KEY (type_id) REFERENCES public.manager_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.manager_type
    ADD CONSTRAINT fk_manager_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT fk_membership_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT fk_membership_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT fk_membership_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.metadata_entry
    ADD CONSTRAINT fk_metadata_entry_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.metadata_entry
    ADD CONSTRAINT fk_metadata_entry_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.metadata_entry
    ADD CONSTRAINT fk_metadata_entry_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_acknowledgement
    ADD CONSTRAINT fk_note_acknowledgement_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_acknowledgement
    ADD CONSTRAINT fk_note_acknowledgement_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_acknowledgement
    ADD CONSTRAINT fk_note_acknowledgement_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_completed_by_id FOREIGN KEY (completed_by_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_component
    ADD CONSTRAINT fk_note_component_component_id FOREIGN KEY (component_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_component
    ADD CONSTRAINT fk_note_component_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_component
    ADD CONSTRAINT fk_note_component_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_department_mention
    ADD CONSTRAINT fk_note_department_mention_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_department_mention
    ADD CONSTRAINT fk_note_department_mention_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_department_mention
    ADD CONSTRAINT fk_note_department_mention_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_editor_id FOREIGN KEY (editor_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_label
    ADD CONSTRAINT fk_note_label_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_label_link
    ADD CONSTRAINT fk_note_label_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_label_link
    ADD CONSTRAINT fk_note_label_link_label_id FOREIGN KEY (label_id) REFERENCES public.note_label(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_label_link
    ADD CONSTRAINT fk_note_label_link_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_mention
    ADD CONSTRAINT fk_note_mention_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_mention
    ADD CONSTRAINT fk_note_mention_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_mention
    ADD CONSTRAINT fk_note_mention_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_parent_id FOREIGN KEY (parent_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_person
    ADD CONSTRAINT fk_note_person_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_person
    ADD CONSTRAINT fk_note_person_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_person
    ADD CONSTRAINT fk_note_person_person_id FOREIGN KEY (person_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_preview_file_id FOREIGN KEY (preview_file_id) REFERENCES public.preview_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_preview
    ADD CONSTRAINT fk_note_preview_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_preview
    ADD CONSTRAINT fk_note_preview_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_preview
    ADD CONSTRAINT fk_note_preview_preview_file_id FOREIGN KEY (preview_file_id) REFERENCES public.preview_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_recipient
    ADD CONSTRAINT fk_note_recipient_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_recipient
    ADD CONSTRAINT fk_note_recipient_note_id FOREIGN KEY (note_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note_recipient
    ADD CONSTRAINT fk_note_recipient_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_sets_status_id FOREIGN KEY (sets_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.note
    ADD CONSTRAINT fk_note_status_id FOREIGN KEY (status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_author_id FOREIGN KEY (author_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_comment_id FOREIGN KEY (comment_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_playlist_id FOREIGN KEY (playlist_id) REFERENCES public.playlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_reply_id FOREIGN KEY (reply_id) REFERENCES public.note(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT fk_notification_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_link
    ADD CONSTRAINT fk_object_link_from_id FOREIGN KEY (from_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_link
    ADD CONSTRAINT fk_object_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_link
    ADD CONSTRAINT fk_object_link_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_link
    ADD CONSTRAINT fk_object_link_to_id FOREIGN KEY (to_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_list
    ADD CONSTRAINT fk_object_list_category_id FOREIGN KEY (category_id) REFERENCES public.list_category(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_list
    ADD CONSTRAINT fk_object_list_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_list
    ADD CONSTRAINT fk_object_list_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.object_list
    ADD CONSTRAINT fk_object_list_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.one_time_secret
    ADD CONSTRAINT fk_one_time_secret_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT fk_organisation_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_asset_instance_id FOREIGN KEY (asset_instance_id) REFERENCES public.asset_instance(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_entity_id FOREIGN KEY (entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_file_status_id FOREIGN KEY (file_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_output_type_id FOREIGN KEY (output_type_id) REFERENCES public.output_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_source_file_id FOREIGN KEY (source_file_id) REFERENCES public.working_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_file
    ADD CONSTRAINT fk_output_file_temporal_entity_id FOREIGN KEY (temporal_entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.output_type
    ADD CONSTRAINT fk_output_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person_department
    ADD CONSTRAINT fk_person_department_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person_department
    ADD CONSTRAINT fk_person_department_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person_department
    ADD CONSTRAINT fk_person_department_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person
    ADD CONSTRAINT fk_person_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person
    ADD CONSTRAINT fk_person_studio_id FOREIGN KEY (studio_id) REFERENCES public.studio(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person
    ADD CONSTRAINT fk_person_thumbnail_id FOREIGN KEY (thumbnail_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist
    ADD CONSTRAINT fk_playlist_episode_id FOREIGN KEY (episode_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist
    ADD CONSTRAINT fk_playlist_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist
    ADD CONSTRAINT fk_playlist_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist_share_link
    ADD CONSTRAINT fk_playlist_share_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist_share_link
    ADD CONSTRAINT fk_playlist_share_link_playlist_id FOREIGN KEY (playlist_id) REFERENCES public.playlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.playlist
    ADD CONSTRAINT fk_playlist_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_background_file
    ADD CONSTRAINT fk_preview_background_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT fk_preview_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT fk_preview_file_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT fk_preview_file_source_file_id FOREIGN KEY (source_file_id) REFERENCES public.output_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT fk_preview_file_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preview_file
    ADD CONSTRAINT fk_preview_file_version_id FOREIGN KEY (version_id) REFERENCES public.version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority
    ADD CONSTRAINT fk_priority_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.product
    ADD CONSTRAINT fk_product_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.product
    ADD CONSTRAINT fk_product_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.product
    ADD CONSTRAINT fk_product_output_type_id FOREIGN KEY (output_type_id) REFERENCES public.output_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.product
    ADD CONSTRAINT fk_product_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.product
    ADD CONSTRAINT fk_product_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_assignee
    ADD CONSTRAINT fk_production_schedule_version_assignee_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_assignee
    ADD CONSTRAINT fk_production_schedule_version_assignee_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_assignee
    ADD CONSTRAINT fk_production_schedule_version_assignee_production_sche_1631 FOREIGN KEY (production_schedule_version_task_link_id) REFERENCES public.production_schedule_version_task_link(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version
    ADD CONSTRAINT fk_production_schedule_version_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version
    ADD CONSTRAINT fk_production_schedule_version_production_schedule_from FOREIGN KEY (production_schedule_from) REFERENCES public.production_schedule_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version
    ADD CONSTRAINT fk_production_schedule_version_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_task_link
    ADD CONSTRAINT fk_production_schedule_version_task_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_task_link
    ADD CONSTRAINT fk_production_schedule_version_task_link_production_sch_f736 FOREIGN KEY (production_schedule_version_id) REFERENCES public.production_schedule_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.production_schedule_version_task_link
    ADD CONSTRAINT fk_production_schedule_version_task_link_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_asset_type
    ADD CONSTRAINT fk_project_asset_type_asset_type_id FOREIGN KEY (asset_type_id) REFERENCES public.entity_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_asset_type
    ADD CONSTRAINT fk_project_asset_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_asset_type
    ADD CONSTRAINT fk_project_asset_type_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT fk_project_disk_id FOREIGN KEY (disk_id) REFERENCES public.disk(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT fk_project_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT fk_project_milestone_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT fk_project_milestone_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT fk_project_milestone_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_preview_background_file
    ADD CONSTRAINT fk_project_preview_background_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_preview_background_file
    ADD CONSTRAINT fk_project_preview_background_file_preview_background_file_id FOREIGN KEY (preview_background_file_id) REFERENCES public.preview_background_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_preview_background_file
    ADD CONSTRAINT fk_project_preview_background_file_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT fk_project_project_schema_id FOREIGN KEY (project_schema_id) REFERENCES public.project_schema(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT fk_project_project_status_id FOREIGN KEY (project_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_schema
    ADD CONSTRAINT fk_project_schema_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_status_automation
    ADD CONSTRAINT fk_project_status_automation_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_status_automation
    ADD CONSTRAINT fk_project_status_automation_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_status_automation
    ADD CONSTRAINT fk_project_status_automation_status_automation_id FOREIGN KEY (status_automation_id) REFERENCES public.status_automation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_task_type
    ADD CONSTRAINT fk_project_task_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_task_type
    ADD CONSTRAINT fk_project_task_type_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_task_type
    ADD CONSTRAINT fk_project_task_type_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_template
    ADD CONSTRAINT fk_project_template_default_preview_background_file_id FOREIGN KEY (default_preview_background_file_id) REFERENCES public.preview_background_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_template
    ADD CONSTRAINT fk_project_template_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project
    ADD CONSTRAINT fk_project_thumbnail_id FOREIGN KEY (thumbnail_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session
    ADD CONSTRAINT fk_review_session_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_invitee
    ADD CONSTRAINT fk_review_session_invitee_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_invitee
    ADD CONSTRAINT fk_review_session_invitee_review_session_id FOREIGN KEY (review_session_id) REFERENCES public.review_session(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object
    ADD CONSTRAINT fk_review_session_object_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object
    ADD CONSTRAINT fk_review_session_object_review_session_id FOREIGN KEY (review_session_id) REFERENCES public.review_session(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object_status
    ADD CONSTRAINT fk_review_session_object_status_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object_status
    ADD CONSTRAINT fk_review_session_object_status_review_session_invitee_id FOREIGN KEY (review_session_invitee_id) REFERENCES public.review_session_invitee(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object_status
    ADD CONSTRAINT fk_review_session_object_status_review_session_object_id FOREIGN KEY (review_session_object_id) REFERENCES public.review_session_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session_object
    ADD CONSTRAINT fk_review_session_object_version_id FOREIGN KEY (version_id) REFERENCES public.version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_session
    ADD CONSTRAINT fk_review_session_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.salary_scale
    ADD CONSTRAINT fk_salary_scale_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.salary_scale
    ADD CONSTRAINT fk_salary_scale_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.schedule_item
    ADD CONSTRAINT fk_schedule_item_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.schedule_item
    ADD CONSTRAINT fk_schedule_item_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.schedule_item
    ADD CONSTRAINT fk_schedule_item_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.schedule_item
    ADD CONSTRAINT fk_schedule_item_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.scope
    ADD CONSTRAINT fk_scope_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.scope_use
    ADD CONSTRAINT fk_scope_use_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.scope_use
    ADD CONSTRAINT fk_scope_use_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.scope_use
    ADD CONSTRAINT fk_scope_use_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.scope_use
    ADD CONSTRAINT fk_scope_use_scope_id FOREIGN KEY (scope_id) REFERENCES public.scope(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT fk_search_filter_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter_group
    ADD CONSTRAINT fk_search_filter_group_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter_group
    ADD CONSTRAINT fk_search_filter_group_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter_group
    ADD CONSTRAINT fk_search_filter_group_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter_group
    ADD CONSTRAINT fk_search_filter_group_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT fk_search_filter_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT fk_search_filter_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT fk_search_filter_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.search_filter
    ADD CONSTRAINT fk_search_filter_search_filter_group_id FOREIGN KEY (search_filter_group_id) REFERENCES public.search_filter_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT fk_second_factor_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.setting
    ADD CONSTRAINT fk_setting_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.software_department_link
    ADD CONSTRAINT fk_software_department_link_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.software_department_link
    ADD CONSTRAINT fk_software_department_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.software_department_link
    ADD CONSTRAINT fk_software_department_link_software_id FOREIGN KEY (software_id) REFERENCES public.software(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.software
    ADD CONSTRAINT fk_software_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT fk_status_automation_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT fk_status_automation_in_task_status_id FOREIGN KEY (in_task_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT fk_status_automation_in_task_type_id FOREIGN KEY (in_task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT fk_status_automation_out_task_status_id FOREIGN KEY (out_task_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_automation
    ADD CONSTRAINT fk_status_automation_out_task_type_id FOREIGN KEY (out_task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status
    ADD CONSTRAINT fk_status_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_use
    ADD CONSTRAINT fk_status_use_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_use
    ADD CONSTRAINT fk_status_use_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.status_use
    ADD CONSTRAINT fk_status_use_status_id FOREIGN KEY (status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.step_template
    ADD CONSTRAINT fk_step_template_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.step_template_item
    ADD CONSTRAINT fk_step_template_item_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.step_template_item
    ADD CONSTRAINT fk_step_template_item_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.step_template_item
    ADD CONSTRAINT fk_step_template_item_template_id FOREIGN KEY (template_id) REFERENCES public.step_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.step_template
    ADD CONSTRAINT fk_step_template_project_schema_id FOREIGN KEY (project_schema_id) REFERENCES public.project_schema(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT fk_stored_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.studio
    ADD CONSTRAINT fk_studio_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_entity_id FOREIGN KEY (entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT fk_subscription_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_assigner_id FOREIGN KEY (assigner_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_entity_id FOREIGN KEY (entity_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_priority_id FOREIGN KEY (priority_id) REFERENCES public.priority(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_task_status_id FOREIGN KEY (task_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task
    ADD CONSTRAINT fk_task_thumbnail_id FOREIGN KEY (thumbnail_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task_type
    ADD CONSTRAINT fk_task_type_department_id FOREIGN KEY (department_id) REFERENCES public.department(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.task_type
    ADD CONSTRAINT fk_task_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_asset_type
    ADD CONSTRAINT fk_template_asset_type_asset_type_id FOREIGN KEY (asset_type_id) REFERENCES public.entity_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_asset_type
    ADD CONSTRAINT fk_template_asset_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_asset_type
    ADD CONSTRAINT fk_template_asset_type_project_template_id FOREIGN KEY (project_template_id) REFERENCES public.project_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_preview_background_file
    ADD CONSTRAINT fk_template_preview_background_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_preview_background_file
    ADD CONSTRAINT fk_template_preview_background_file_preview_background_file_id FOREIGN KEY (preview_background_file_id) REFERENCES public.preview_background_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_preview_background_file
    ADD CONSTRAINT fk_template_preview_background_file_project_template_id FOREIGN KEY (project_template_id) REFERENCES public.project_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_status_automation
    ADD CONSTRAINT fk_template_status_automation_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_status_automation
    ADD CONSTRAINT fk_template_status_automation_project_template_id FOREIGN KEY (project_template_id) REFERENCES public.project_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_status_automation
    ADD CONSTRAINT fk_template_status_automation_status_automation_id FOREIGN KEY (status_automation_id) REFERENCES public.status_automation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_status
    ADD CONSTRAINT fk_template_task_status_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_status
    ADD CONSTRAINT fk_template_task_status_project_template_id FOREIGN KEY (project_template_id) REFERENCES public.project_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_status
    ADD CONSTRAINT fk_template_task_status_task_status_id FOREIGN KEY (task_status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_type
    ADD CONSTRAINT fk_template_task_type_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_type
    ADD CONSTRAINT fk_template_task_type_project_template_id FOREIGN KEY (project_template_id) REFERENCES public.project_template(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_task_type
    ADD CONSTRAINT fk_template_task_type_task_type_id FOREIGN KEY (task_type_id) REFERENCES public.task_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.time_spent
    ADD CONSTRAINT fk_time_spent_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.time_spent
    ADD CONSTRAINT fk_time_spent_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.time_spent
    ADD CONSTRAINT fk_time_spent_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timelog
    ADD CONSTRAINT fk_timelog_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timelog
    ADD CONSTRAINT fk_timelog_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timelog
    ADD CONSTRAINT fk_timelog_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timelog
    ADD CONSTRAINT fk_timelog_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT fk_timer_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT fk_timer_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT fk_timer_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT fk_timer_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version_link
    ADD CONSTRAINT fk_version_link_from_id FOREIGN KEY (from_id) REFERENCES public.version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version_link
    ADD CONSTRAINT fk_version_link_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version_link
    ADD CONSTRAINT fk_version_link_to_id FOREIGN KEY (to_id) REFERENCES public.version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_object_id FOREIGN KEY (object_id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_preview_file_id FOREIGN KEY (preview_file_id) REFERENCES public.preview_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_product_id FOREIGN KEY (product_id) REFERENCES public.product(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_project_id FOREIGN KEY (project_id) REFERENCES public.project(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_status_id FOREIGN KEY (status_id) REFERENCES public.status(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.version
    ADD CONSTRAINT fk_version_thumbnail_id FOREIGN KEY (thumbnail_id) REFERENCES public.component(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT fk_working_file_entity_id FOREIGN KEY (entity_id) REFERENCES public.entity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT fk_working_file_id FOREIGN KEY (id) REFERENCES public.object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT fk_working_file_person_id FOREIGN KEY (person_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT fk_working_file_software_id FOREIGN KEY (software_id) REFERENCES public.software(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.working_file
    ADD CONSTRAINT fk_working_file_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
