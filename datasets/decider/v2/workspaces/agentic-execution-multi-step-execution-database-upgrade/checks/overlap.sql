SELECT a.id, b.id FROM bookings a JOIN bookings b ON a.room_id = b.room_id AND a.id < b.id AND a.start < b."end" AND b.start < a."end";
