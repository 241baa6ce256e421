-- What gateways measured of their own machine (fengsui edge bench --send), to be compared by version of the software.

CREATE TABLE gateway_figures (
  gateway_id text COLLATE "C" NOT NULL REFERENCES gateway (id),
  run text COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
  software text NOT NULL,
  model text NOT NULL,
  cores int NOT NULL,
  ram_mb int NOT NULL,
  python text NOT NULL,
  load double precision NOT NULL,
  measured_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  figures jsonb NOT NULL,
  CONSTRAINT gateway_figures_key PRIMARY KEY (gateway_id, run)
);
CREATE TRIGGER gateway_figures_place BEFORE INSERT ON gateway_figures
  FOR EACH ROW EXECUTE FUNCTION place_of_gateway();
SELECT scope_table('gateway_figures');
