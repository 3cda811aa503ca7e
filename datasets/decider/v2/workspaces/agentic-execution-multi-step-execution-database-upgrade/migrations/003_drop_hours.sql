ALTER TABLE bookings DROP COLUMN hours;
