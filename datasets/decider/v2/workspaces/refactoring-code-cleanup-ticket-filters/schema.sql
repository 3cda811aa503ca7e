CREATE TABLE ticket (id INTEGER PRIMARY KEY, title TEXT, body TEXT, state TEXT, opened INTEGER, owner TEXT);
CREATE TABLE tag (ticket INTEGER, name);
