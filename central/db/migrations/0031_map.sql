-- The map: whatever has a place on it in one narrow table that triggers keep, and shapes of the ground below it.
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';

-- --- what stands on the map ------------------------------------------------------------------------------

-- Web Mercator as whole numbers, 2^30 around the world, y from the north: a cell of a grid is a division, and plain
-- operators of int4 may use an index under row level security.
CREATE FUNCTION map_x(longitude double precision) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor((longitude + 180) / 360 * 1073741823)::int;

CREATE FUNCTION map_y(latitude double precision) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor((0.5 - ln(tan(pi() / 4 + radians(least(greatest(latitude, -85), 85)) / 2)) / (2 * pi())) * 1073741823)::int;

GRANT EXECUTE ON FUNCTION map_x(double precision), map_y(double precision) TO fengsui_web, fengsui_worker;

-- layer: enterprise, gateway, or the name of a register. ref: its id there. Warnings are joined when they are asked for:
-- a raise must not wait for a row of the map. silent: a gateway that is not heard, copied when that changes, for among all
-- gateways those few are looked for at every look. Positions are WGS-84.
CREATE TABLE map_object (
    layer text COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    enterprise_id int REFERENCES enterprise (id),
    agency_id int REFERENCES agency (id),
    place text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL DEFAULT '',
    shared boolean NOT NULL DEFAULT false,
    name text NOT NULL,
    hazard_class smallint,
    silent boolean NOT NULL DEFAULT false,
    longitude double precision NOT NULL,
    latitude double precision NOT NULL,
    x int NOT NULL GENERATED ALWAYS AS (map_x(longitude)) STORED,
    y int NOT NULL GENERATED ALWAYS AS (map_y(latitude)) STORED,
    PRIMARY KEY (layer, ref),
    CONSTRAINT map_object_position CHECK (longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90)
);
CREATE INDEX map_object_place ON map_object (place);
CREATE INDEX map_object_enterprise ON map_object (enterprise_id);
CREATE INDEX map_object_agency ON map_object (agency_id);
CREATE INDEX map_object_at ON map_object (x, y);
CREATE INDEX map_object_silent ON map_object (enterprise_id) WHERE silent;
SELECT scope_table('map_object');
-- As the registers themselves: what an agency put in force for its area is read by everyone there.
CREATE POLICY web_shared ON map_object FOR SELECT TO fengsui_web
    USING (shared AND agency_id = ANY ((SELECT agencies_over_me())::int []));

CREATE FUNCTION put_on_map(
    on_layer text, its_ref text, of_enterprise int, of_agency int, at_place text, of_sector text, is_shared boolean,
    called text, hazard smallint, east double precision, north double precision)
RETURNS void
LANGUAGE sql
SET search_path = public, pg_temp
AS $$
    INSERT INTO map_object (layer, ref, enterprise_id, agency_id, place, sector, shared, name, hazard_class, longitude,
                            latitude)
    VALUES (on_layer, its_ref, of_enterprise, of_agency, at_place, of_sector, is_shared, called, hazard, east, north)
    ON CONFLICT (layer, ref) DO UPDATE
    SET enterprise_id = excluded.enterprise_id, agency_id = excluded.agency_id, place = excluded.place,
        sector = excluded.sector, shared = excluded.shared, name = excluded.name, hazard_class = excluded.hazard_class,
        longitude = excluded.longitude, latitude = excluded.latitude
$$;

-- Whether a gateway is not heard; one that never was is not.
CREATE FUNCTION is_silent(gateway text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
    SELECT NOT EXISTS (SELECT 1 FROM gateway_state AS s WHERE s.gateway_id = gateway AND s.presence <> 'offline')
$$;

-- A removed enterprise, or one without a position, is not on the map; its gateways stand where it stands.
CREATE FUNCTION enterprise_on_map() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF NEW.removed_at IS NOT NULL OR NEW.longitude IS NULL THEN
        DELETE FROM map_object WHERE enterprise_id = NEW.id AND layer IN ('enterprise', 'gateway');
        RETURN NULL;
    END IF;
    PERFORM put_on_map('enterprise', NEW.id::text, NEW.id, NULL, NEW.place, NEW.sector, false, NEW.name,
                       NEW.hazard_class, NEW.longitude, NEW.latitude);
    PERFORM put_on_map('gateway', g.id, NEW.id, NULL, NEW.place, NEW.sector, false, g.name, NULL, NEW.longitude,
                       NEW.latitude)
    FROM gateway AS g WHERE g.enterprise_id = NEW.id;
    UPDATE map_object SET silent = is_silent(ref) WHERE enterprise_id = NEW.id AND layer = 'gateway';
    RETURN NULL;
END $$;
CREATE TRIGGER enterprise_on_map_new AFTER INSERT ON enterprise
    FOR EACH ROW WHEN (NEW.longitude IS NOT NULL) EXECUTE FUNCTION enterprise_on_map();
CREATE TRIGGER enterprise_on_map AFTER UPDATE ON enterprise
    FOR EACH ROW WHEN (
        (OLD.name, OLD.longitude, OLD.latitude, OLD.place, OLD.sector, OLD.hazard_class, OLD.removed_at) IS DISTINCT FROM
        (NEW.name, NEW.longitude, NEW.latitude, NEW.place, NEW.sector, NEW.hazard_class, NEW.removed_at))
    EXECUTE FUNCTION enterprise_on_map();

CREATE FUNCTION gateway_on_map() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM put_on_map('gateway', NEW.id, e.id, NULL, e.place, e.sector, false, NEW.name, NULL, e.longitude, e.latitude)
    FROM enterprise AS e
    WHERE e.id = NEW.enterprise_id AND e.longitude IS NOT NULL AND e.removed_at IS NULL;
    UPDATE map_object SET silent = is_silent(ref) WHERE layer = 'gateway' AND ref = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER gateway_on_map AFTER INSERT OR UPDATE OF name, enterprise_id ON gateway
    FOR EACH ROW EXECUTE FUNCTION gateway_on_map();

CREATE FUNCTION gateway_heard_on_map() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    UPDATE map_object SET silent = (NEW.presence = 'offline') WHERE layer = 'gateway' AND ref = NEW.gateway_id;
    RETURN NULL;
END $$;
CREATE TRIGGER gateway_heard_on_map_new AFTER INSERT ON gateway_state
    FOR EACH ROW EXECUTE FUNCTION gateway_heard_on_map();
CREATE TRIGGER gateway_heard_on_map AFTER UPDATE OF presence ON gateway_state
    FOR EACH ROW WHEN (OLD.presence IS DISTINCT FROM NEW.presence) EXECUTE FUNCTION gateway_heard_on_map();

INSERT INTO map_object (layer, ref, enterprise_id, place, sector, name, hazard_class, longitude, latitude)
SELECT 'enterprise', e.id::text, e.id, e.place, e.sector, e.name, e.hazard_class, e.longitude, e.latitude
FROM enterprise AS e WHERE e.longitude IS NOT NULL AND e.removed_at IS NULL;
INSERT INTO map_object (layer, ref, enterprise_id, place, sector, name, silent, longitude, latitude)
SELECT 'gateway', g.id, e.id, e.place, e.sector, g.name, is_silent(g.id), e.longitude, e.latitude
FROM gateway AS g JOIN enterprise AS e ON e.id = g.enterprise_id
WHERE e.longitude IS NOT NULL AND e.removed_at IS NULL;

-- A record of a register stands where its declared field says, once it counts: layer, whether it is shared, and the way
-- to the field as text of an array.
CREATE FUNCTION record_on_map() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    spot jsonb := NEW.counted #> TG_ARGV[2]::text [];
BEGIN
    IF NEW.removed_at IS NULL AND jsonb_typeof(spot -> 'longitude') = 'number'
       AND jsonb_typeof(spot -> 'latitude') = 'number' THEN
        PERFORM put_on_map(TG_ARGV[0], NEW.id::text, NEW.enterprise_id, NEW.agency_id, NEW.place, NEW.sector,
                           TG_ARGV[1]::boolean, NEW.title, NULL, (spot -> 'longitude')::double precision,
                           (spot -> 'latitude')::double precision);
    ELSE
        DELETE FROM map_object WHERE layer = TG_ARGV[0] AND ref = NEW.id::text;
    END IF;
    RETURN NULL;
END $$;

-- Puts a register on the map, with what it holds already; called where the tables of the registers are made.
CREATE FUNCTION register_on_map(t regclass, layer text, shared boolean, way text []) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER record_on_map AFTER INSERT OR UPDATE ON %s FOR EACH ROW '
                   'WHEN (NEW.counted IS NOT NULL OR NEW.removed_at IS NOT NULL) '
                   'EXECUTE FUNCTION record_on_map(%L, %L, %L)', t, layer, shared::text, way::text);
    EXECUTE format('DELETE FROM map_object WHERE layer = %L', layer);
    EXECUTE format(
        'INSERT INTO map_object (layer, ref, enterprise_id, agency_id, place, sector, shared, name, longitude, latitude) '
        'SELECT %1$L, id::text, enterprise_id, agency_id, place, sector, %2$L::boolean, title, '
        '(counted #> (%3$L::text [] || ''longitude''::text))::double precision, '
        '(counted #> (%3$L::text [] || ''latitude''::text))::double precision FROM %4$s WHERE removed_at IS NULL '
        'AND jsonb_typeof(counted #> (%3$L::text [] || ''longitude''::text)) = ''number'' '
        'AND jsonb_typeof(counted #> (%3$L::text [] || ''latitude''::text)) = ''number''', layer, shared, way, t);
END $$;

-- --- the ground --------------------------------------------------------------------------------------------

-- Shapes that the customer loads (GeoJSON, WGS-84): regions by their code, and what makes a ground without a tile
-- source readable. Nothing comes with the program: boundaries of China are drawn by whoever may publish them.
CREATE TABLE map_shape (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    region text COLLATE "C" NOT NULL DEFAULT '',
    name text NOT NULL DEFAULT '',
    geometry jsonb NOT NULL,
    west double precision NOT NULL,
    south double precision NOT NULL,
    east double precision NOT NULL,
    north double precision NOT NULL,
    source text NOT NULL,
    loaded_at timestamptz NOT NULL,
    CONSTRAINT map_shape_kind_known CHECK (kind IN ('region', 'water', 'road', 'railway', 'park')),
    CONSTRAINT map_shape_region_form CHECK (region ~ '^[0-9]{0,12}$'),
    CONSTRAINT map_shape_of_a_region CHECK (kind <> 'region' OR region <> '')
);
CREATE UNIQUE INDEX map_shape_region ON map_shape (region) WHERE kind = 'region';
SELECT open_table('map_shape'), audit_table('map_shape', 'id', 'geometry');
