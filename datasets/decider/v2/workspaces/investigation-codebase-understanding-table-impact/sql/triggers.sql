CREATE TRIGGER move_books AFTER INSERT ON moves BEGIN
  UPDATE bins SET qty = qty + NEW.delta WHERE id = NEW.bin_id;
END;
CREATE TRIGGER low_bin AFTER UPDATE OF qty ON bins WHEN NEW.qty < 0 BEGIN
  INSERT INTO alerts(text) VALUES ('negative bin');
END;
CREATE TRIGGER order_audit AFTER UPDATE OF state ON purchase_orders BEGIN
  INSERT INTO audit(what, ref) VALUES (NEW.state, NEW.id);
END;
CREATE TRIGGER part_gone AFTER UPDATE OF discontinued ON parts WHEN NEW.discontinued BEGIN
  DELETE FROM offers WHERE part_id = NEW.id;
END;
