-- The tables of bench/floor.py and bench/orm_floor.py.
CREATE TABLE floor_distributors (id int PRIMARY KEY, status text);
CREATE TABLE floor_users (id int PRIMARY KEY, name text, distributor_id int REFERENCES floor_distributors);
CREATE TABLE floor_locks (fingerprint bytea PRIMARY KEY, last_at timestamptz);
CREATE TABLE floor_filings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  distributor_id int REFERENCES floor_distributors, broker_id int REFERENCES floor_users,
  name text, phone text, note text, filed_at timestamptz, ends_at timestamptz);
CREATE INDEX ON floor_filings (distributor_id, ends_at);
CREATE TABLE floor_keys (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, filing_id bigint REFERENCES floor_filings,
  fingerprint bytea);
CREATE INDEX ON floor_keys (fingerprint);
CREATE TABLE floor_history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor_id int, verb text, subject_id bigint,
  facts jsonb, digest text, at timestamptz);
INSERT INTO floor_distributors SELECT id, 'active' FROM generate_series(0, 7) AS id;
INSERT INTO floor_users SELECT id, 'broker', id FROM generate_series(0, 7) AS id;
