CREATE TABLE session(actor TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE articles(id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, title TEXT NOT NULL, price INTEGER NOT NULL, stock INTEGER NOT NULL);
CREATE TABLE offers(id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id), label TEXT NOT NULL);
CREATE TABLE audit(id INTEGER PRIMARY KEY, actor TEXT NOT NULL, at TEXT NOT NULL, op TEXT NOT NULL, article_id INTEGER NOT NULL, before TEXT, after TEXT);

CREATE TRIGGER articles_insert AFTER INSERT ON articles BEGIN
  INSERT INTO audit(actor, at, op, article_id, before, after) SELECT actor, at, 'insert', NEW.id, NULL, json_object('sku', NEW.sku, 'title', NEW.title, 'price', NEW.price, 'stock', NEW.stock) FROM session;
END;

CREATE TRIGGER articles_update AFTER UPDATE ON articles BEGIN
  INSERT INTO audit(actor, at, op, article_id, before, after) SELECT actor, at, 'update', NEW.id, json_object('sku', OLD.sku, 'title', OLD.title, 'price', OLD.price, 'stock', OLD.stock), json_object('sku', NEW.sku, 'title', NEW.title, 'price', NEW.price, 'stock', NEW.stock) FROM session;
END;

CREATE TRIGGER articles_delete AFTER DELETE ON articles BEGIN
  INSERT INTO audit(actor, at, op, article_id, before, after) SELECT actor, at, 'delete', OLD.id, json_object('sku', OLD.sku, 'title', OLD.title, 'price', OLD.price, 'stock', OLD.stock), NULL FROM session;
END;
