-- What a filled studio holds, numbered; `by` and `at` say who made it and when. Figures in braces are a Size's.

DROP SCHEMA IF EXISTS filling CASCADE;

CREATE SCHEMA filling;

CREATE TABLE filling.person AS
    SELECT n, gen_random_uuid() AS id, now() - interval '6 years' AS at, NULL::uuid AS by,
           CASE WHEN n <= 10 THEN 'manager' WHEN n <= 30 THEN 'supervisor' WHEN n <= 40 THEN 'vendor'
                WHEN n <= 45 THEN 'client' ELSE 'user' END AS role
    FROM generate_series(1, {people}) AS n;

CREATE TABLE filling.project AS
    SELECT n, gen_random_uuid() AS id, NULL::uuid AS by, n <= {open_projects} AS is_open,
           ends - interval '360 days' AS at, ends,
           CASE WHEN n = 1 THEN {shots_of_first} ELSE {shots_of_others} END AS shots
    FROM (SELECT n, now() - CASE WHEN n <= {open_projects} THEN interval '1 hour'
                                 ELSE interval '40 days' * n END AS ends
          FROM generate_series(1, {projects}) AS n) AS p;

CREATE TABLE filling.membership AS
    SELECT gen_random_uuid() AS id, p.id AS project_id, m.id AS person_id, p.at, NULL::uuid AS by, p.n AS p,
           row_number() OVER (PARTITION BY p.n ORDER BY m.n) AS n, m.role
    FROM filling.project p JOIN filling.person m ON (m.n + p.n) % 5 = 0;

CREATE TABLE filling.artist AS
    SELECT p, person_id, row_number() OVER (PARTITION BY p ORDER BY n) - 1 AS n, count(*) OVER (PARTITION BY p)
    FROM filling.membership WHERE role = 'user';

CREATE TABLE filling.sequence AS
    SELECT p.n AS p, g.n, gen_random_uuid() AS id, p.id AS project_id, p.at, NULL::uuid AS by,
           'SQ' || lpad(g.n::text, 4, '0') AS name
    FROM filling.project p, LATERAL generate_series(1, 1 + p.shots / 50) AS g(n);

CREATE TABLE filling.shot AS
    SELECT p.n AS p, g.n, gen_random_uuid() AS id, p.id AS project_id, s.id AS parent_id, NULL::uuid AS by,
           p.at + (p.ends - p.at) * 0.2 * g.n / p.shots AS at, 'SH' || lpad(g.n::text, 5, '0') AS name
    FROM filling.project p, LATERAL generate_series(1, p.shots) AS g(n), filling.sequence s
    WHERE s.p = p.n AND s.n = 1 + g.n / 50;

CREATE TABLE filling.asset AS
    SELECT p.n AS p, g.n, gen_random_uuid() AS id, p.id AS project_id, NULL::uuid AS by,
           p.at + (p.ends - p.at) * 0.1 * g.n / p.shots AS at,
           ({names})[1 + g.n % 10] || ' ' || g.n AS name, g.n % 3 AS type
    FROM filling.project p, LATERAL generate_series(1, (p.shots * 0.3)::int) AS g(n);

CREATE TABLE filling.step AS
    SELECT id, kind, row_number() OVER (PARTITION BY kind ORDER BY name) AS n
    FROM (SELECT id, for_entity AS kind, name FROM task_type
          WHERE for_entity IN ('Shot', 'Asset') AND deleted_at IS NULL) AS t;

CREATE TABLE filling.task AS
    SELECT row_number() OVER () AS n, gen_random_uuid() AS id, t.p, t.project_id, t.entity_id, t.at, t.step,
           t.type_id, NULL::uuid AS by, a.person_id, p.is_open,
           p.at + (p.ends - p.at) * (0.2 + 0.8 * random()) AS last, random() AS chance
    FROM (SELECT e.p, e.project_id, e.id AS entity_id, e.at, step.n AS step, step.id AS type_id,
                 floor(random() * 100000)::int AS lot
          FROM (SELECT p, project_id, id, at, 'Shot' AS kind FROM filling.shot
                UNION ALL SELECT p, project_id, id, at, 'Asset' FROM filling.asset) AS e
          JOIN filling.step ON step.kind = e.kind
           AND step.n <= CASE e.kind WHEN 'Shot' THEN {shot_steps} ELSE {asset_steps} END) AS t
    JOIN filling.project p ON p.n = t.p
    JOIN filling.artist a ON a.p = t.p AND a.n = t.lot % a.count;

ALTER TABLE filling.task ADD status text;

UPDATE filling.task SET status = CASE
    WHEN NOT is_open THEN CASE WHEN chance < 0.95 THEN 'done' ELSE 'omt' END
    WHEN chance < 0.35 THEN 'done' WHEN chance < 0.5 THEN 'wip' WHEN chance < 0.6 THEN 'wfa'
    WHEN chance < 0.65 THEN 'retake' WHEN chance < 0.75 THEN 'ready' ELSE 'todo' END;

CREATE TABLE filling.status AS SELECT code, id FROM status WHERE for_task AND deleted_at IS NULL;

CREATE TABLE filling.note AS
    SELECT gen_random_uuid() AS id, t.id AS task_id, t.project_id, t.person_id, t.person_id AS by, k, t.step,
           t.at + (t.last - t.at) * k / {notes} AS at,
           k < 3 OR k = 3 AND t.status <> 'wfa' AS changes,
           s.id AS status_id, CASE WHEN k = 1 AND (t.p = 1 OR random() < 0.4) OR k = 2 AND t.p = 1 AND random() < 0.5
                                   THEN gen_random_uuid() END AS preview_id, gen_random_uuid() AS version_id,
           (array['Started; first look by the end of the week.', 'Please look at the arc of the left hand.',
                  'Good to go, thanks.', 'The lantern is too bright in the last frames.'])[1 + (t.n + k) % 4] AS text
    FROM filling.task t, LATERAL generate_series(1, {notes}) AS k
    JOIN filling.status s ON true
    WHERE s.code = CASE k WHEN 1 THEN 'wip' WHEN 2 THEN 'wfa' ELSE t.status END;

CREATE INDEX ON filling.note (task_id);

CREATE TABLE filling.preview AS
    SELECT preview_id AS id, version_id, id AS note_id, task_id, project_id, person_id, by, at,
           row_number() OVER (PARTITION BY task_id ORDER BY at) AS revision
    FROM filling.note WHERE preview_id IS NOT NULL;

CREATE TABLE filling.product AS
    SELECT gen_random_uuid() AS id, p.task_id, t.entity_id, p.project_id, p.at, p.by
    FROM filling.preview p JOIN filling.task t ON t.id = p.task_id WHERE p.revision = 1;

CREATE TABLE filling.day AS
    SELECT gen_random_uuid() AS id, id AS task_id, project_id, person_id, person_id AS by, last AS at,
           date_trunc('day', last)::date AS date
    FROM filling.task WHERE n % 5 = 0;

ANALYZE;
