CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE tags(customer_id INTEGER NOT NULL REFERENCES customers(id), tag TEXT NOT NULL, PRIMARY KEY(customer_id, tag));
CREATE TABLE orders(id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customers(id), revision INTEGER NOT NULL, placed_at TEXT NOT NULL);
CREATE TABLE order_lines(order_id INTEGER NOT NULL REFERENCES orders(id), pos INTEGER NOT NULL, sku TEXT NOT NULL, qty INTEGER NOT NULL, PRIMARY KEY(order_id, pos));
CREATE TABLE notes(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), body TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE rejects(source TEXT NOT NULL, table_name TEXT NOT NULL, old_id INTEGER NOT NULL, PRIMARY KEY(source, table_name, old_id));
