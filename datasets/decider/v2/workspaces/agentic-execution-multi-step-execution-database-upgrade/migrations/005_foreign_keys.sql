CREATE TABLE bookings_new(id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES members(id), room_id INTEGER NOT NULL REFERENCES rooms(id), start TEXT NOT NULL, "end" TEXT NOT NULL);
INSERT INTO bookings_new SELECT id, member_id, room_id, start, "end" FROM bookings;
DROP TABLE bookings;
ALTER TABLE bookings_new RENAME TO bookings;
