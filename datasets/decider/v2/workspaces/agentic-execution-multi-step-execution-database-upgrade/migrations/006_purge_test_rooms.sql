DELETE FROM bookings WHERE room_id IN (SELECT id FROM rooms WHERE name LIKE 'test %');
DELETE FROM rooms WHERE name LIKE 'test %';
