SELECT id FROM bookings WHERE julianday("end") - julianday(start) > 1;
