CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,          -- not unique
    opens INTEGER NOT NULL,      -- minutes after midnight
    closes INTEGER NOT NULL      -- minutes after midnight, > opens
);
CREATE TABLE booking (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    starts TEXT NOT NULL,        -- YYYY-MM-DD HH:MM
    ends TEXT NOT NULL,          -- YYYY-MM-DD HH:MM, > starts; may be on a later day
    cancelled INTEGER NOT NULL DEFAULT 0
);
