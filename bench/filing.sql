-- The statements of bench/floor.py for pgbench: what the database alone makes of a filing.
\set user random(0, 7)
\set phone random(1, 2000000000)
BEGIN;
SELECT id, name, distributor_id FROM floor_users WHERE id = :user;
SELECT status FROM floor_distributors WHERE id = :user FOR SHARE;
INSERT INTO floor_locks VALUES (int8send(:phone), clock_timestamp()) ON CONFLICT (fingerprint) DO UPDATE SET last_at = clock_timestamp() RETURNING last_at;
SELECT f.id FROM floor_keys k JOIN floor_filings f ON f.id = k.filing_id WHERE k.fingerprint = int8send(:phone) AND ends_at > now();
INSERT INTO floor_filings (distributor_id, broker_id, name, phone, note, filed_at, ends_at) VALUES (:user, :user, '黄维', '13900001234', NULL, now(), now() + interval '7 days') RETURNING id AS filing \gset
INSERT INTO floor_keys (filing_id, fingerprint) VALUES (:filing, int8send(:phone));
INSERT INTO floor_history (actor_id, verb, subject_id, facts, digest, at) VALUES (:user, 'filed', :filing, '{"reference": 1, "until": "2026-04-07T02:05:22+00:00"}', 'd2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26', now());
COMMIT;
