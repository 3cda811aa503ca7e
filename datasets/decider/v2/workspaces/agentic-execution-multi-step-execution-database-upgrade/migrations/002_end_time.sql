ALTER TABLE bookings ADD COLUMN "end" TEXT;
UPDATE bookings SET "end" = strftime('%Y-%m-%dT%H:%M', start, hours || ' hours');
