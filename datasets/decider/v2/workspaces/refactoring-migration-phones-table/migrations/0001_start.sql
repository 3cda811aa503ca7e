CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, phones TEXT NOT NULL DEFAULT '');
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE, cents INTEGER NOT NULL);
CREATE TABLE change_log (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE INDEX customer_name ON customer (name);
CREATE TRIGGER customer_renamed AFTER UPDATE OF name ON customer
BEGIN
    INSERT INTO change_log (text) VALUES (old.name || ' is now ' || new.name);
END;
CREATE TRIGGER customer_phones AFTER UPDATE OF phones ON customer WHEN old.phones <> new.phones
BEGIN
    INSERT INTO change_log (text) VALUES ('phones of ' || new.name);
END;
CREATE VIEW contact AS SELECT id, name, email, phones FROM customer;
